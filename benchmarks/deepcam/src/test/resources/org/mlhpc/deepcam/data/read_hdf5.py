"""Reads a sample with the HDF5 library. Argument: the file. Prints type, shape and sum of data and labels."""
import sys

import tables

with tables.open_file(sys.argv[1]) as file:
    data, labels = file.root.climate.data[:], file.root.climate.labels_0[:]
print(data.dtype, data.shape, float(data.sum(dtype="f8")), labels.dtype, labels.shape, int(labels.sum(dtype="i8")))
