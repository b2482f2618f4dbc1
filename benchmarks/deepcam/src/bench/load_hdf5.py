"""Loads DeepCAM's files with the HDF5 library, for './mlhpc bench load deepcam --against'.

Reads {"data", "batch", "warm_up", "steps"} as JSON from standard input, prints the seconds of each pass over data/train: what
is read, scaled to the range of each channel and put into batches. Written as the published reference does it, with PyTables
(package python3-tables) in place of h5py.
"""
import json
import os
import sys
import time

import numpy
import tables

request = json.load(sys.stdin)
root = request["data"]
folder = os.path.join(root, "train")
files = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".h5"))[: request["batch"]]
with tables.open_file(os.path.join(root, "stats.h5")) as stats:
    least, greatest = stats.root.climate.minval[:], stats.root.climate.maxval[:]
scale = numpy.float32(1) / (greatest - least)


def load(name, x, labels):
    with tables.open_file(name) as file:
        numpy.multiply(scale, file.root.climate.data[:] - least, out=x)
        labels[...] = file.root.climate.labels_0[:]


with tables.open_file(files[0]) as first:
    shape = first.root.climate.data.shape
x, labels = numpy.empty(shape, "f4"), numpy.empty(shape[:2], "i8")
for step in range(request["warm_up"] + request["steps"]):
    begin = time.perf_counter()
    for name in files:
        load(name, x, labels)
    if step >= request["warm_up"]:
        print(time.perf_counter() - begin)
