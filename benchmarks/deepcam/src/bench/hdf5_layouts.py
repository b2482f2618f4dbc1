"""Writes a DeepCAM data set in other layouts of HDF5. Arguments: the data set, and a folder to make below which they go.

Makes contiguous/, chunked/ (chunks of 96 x 144 pixels) and deflate/ (the same chunks, compressed at level 1 after shuffling
bytes). Package: python3-tables.
"""
import os
import shutil
import sys

import tables

PIXELS = (96, 144)
LAYOUTS = {
    "contiguous": lambda file, name, values: file.create_array("/climate", name, values),
    "chunked": lambda file, name, values: chunks(file, name, values, tables.Filters(complevel=0)),
    "deflate": lambda file, name, values: chunks(file, name, values, tables.Filters(complevel=1, shuffle=True)),
}


def chunks(file, name, values, filters):
    file.create_carray("/climate", name, obj=values, chunkshape=PIXELS + values.shape[2:], filters=filters)


def rewrite(source, target, write):
    with tables.open_file(source) as given, tables.open_file(target, "w") as made:
        made.create_group("/", "climate")
        for name in ("data", "labels_0"):
            write(made, name, given.get_node("/climate", name)[:])


root, out = sys.argv[1:]
for layout, write in LAYOUTS.items():
    for folder in ("train", "validation"):
        os.makedirs(os.path.join(out, layout, folder))
        for name in sorted(os.listdir(os.path.join(root, folder))):
            if name.endswith(".h5"):
                rewrite(os.path.join(root, folder, name), os.path.join(out, layout, folder, name), write)
    shutil.copy(os.path.join(root, "stats.h5"), os.path.join(out, layout))
