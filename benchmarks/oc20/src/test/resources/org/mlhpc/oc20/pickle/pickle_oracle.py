"""Pickles in both directions. 'write FOLDER': writes graphs as PyTorch Geometric would, whose classes are stood in for.
'read FILE': prints the fields of a graph that somebody else pickled."""
import pickle
import sys
import types
from collections import OrderedDict

import numpy as np
import torch


class Data:
    pass


class GlobalStorage:
    pass


class DataTensorAttr:
    pass


def module(name, *classes):
    made = types.ModuleType(name)
    for one in classes:
        one.__module__, one.__qualname__ = name, one.__name__
        setattr(made, one.__name__, one)
    sys.modules[name] = made


module("torch_geometric")
module("torch_geometric.data")
module("torch_geometric.data.data", Data, DataTensorAttr)
module("torch_geometric.data.storage", GlobalStorage)


def fields():
    base = torch.arange(24, dtype=torch.float32).view(2, 3, 4) / 8
    values = {
        "contiguous": base,
        "turned": base.permute(2, 0, 1),
        "part": base[1:, :, 1:3],
        "scalar": torch.tensor(2.5, dtype=torch.float64),
        "empty": torch.zeros(0, 3),
        "bools": torch.tensor([True, False, True]),
        "number": 7,
        "negative": -(2**40),
        "real": -0.5,
        "text": "random123",
        "truth": True,
        "nothing": None,
        "numpy64": np.float64(1.25),
        "numpy32": np.float32(-3.5),
        "numpyint": np.int64(-9),
        "pair": [1, 2],
        "ordered": OrderedDict(),
    }
    for kind in "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8".split():
        values[kind] = torch.tensor([0, 1, 3, 100], dtype=getattr(torch, kind))
    return values


if sys.argv[1] == "write":
    for protocol in 2, 3, 4, 5:
        old, new, store = Data(), Data(), GlobalStorage()
        old.__dict__.update(fields())
        store.__dict__.update({"_mapping": fields(), "_parent": new})
        new.__dict__.update({"_edge_attr_cls": DataTensorAttr, "_store": store})
        for name, graph in ("old", old), ("new", new):
            with open(f"{sys.argv[2]}/{name}{protocol}.pkl", "wb") as file:
                pickle.dump(graph, file, protocol)
else:
    with open(sys.argv[2], "rb") as file:
        graph = pickle.load(file)
    assert type(graph) is Data
    for name, value in graph.__dict__.items():
        if isinstance(value, torch.Tensor):
            value = (str(value.dtype), list(value.shape), value.reshape(-1).tolist())
        print(name, repr(value))
