"""One training step of CosmoFlow in PyTorch, in float64, on the weights and the batch that mlhpc used.

Arguments: folder with before.safetensors, after.safetensors and batch.f32 (x [n,4,s,s,s], then y [n,4]); n; side;
learning rate; L2. after.safetensors holds weights and, as */velocity, their changes of the first step, -rate x gradient.
Prints the loss; over tensors, the largest difference of a gradient by the largest gradient of the same tensor; and over
tensors, the largest difference of a new weight by the largest weight.
"""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

folder, n, side, rate, l2 = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])


def load(name):
    with open(f"{folder}/{name}", "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    return {
        key: torch.from_numpy(np.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy()).double()
        for key, entry in header.items()
    }


def indexed(kind, i):
    return kind if i == 0 else f"{kind}_{i}"


before, after = load("before.safetensors"), load("after.safetensors")
for tensor in before.values():
    tensor.requires_grad_(True)
values = np.fromfile(f"{folder}/batch.f32", "<f4")
x = torch.from_numpy(values[: n * 4 * side**3].reshape(n, 4, side, side, side)).double()
y = torch.from_numpy(values[n * 4 * side**3 :].reshape(n, 4)).double()

h = x
convolutions = sum(1 for key in before if key.startswith("conv3d") and "kernel" in key)
for i in range(convolutions):
    kernel = before[indexed("conv3d", i) + "/kernel:0"]
    total = kernel.shape[0] - 1
    low, high = total // 2, total - total // 2
    h = F.conv3d(F.pad(h, [low, high] * 3), kernel.permute(4, 3, 0, 1, 2), before[indexed("conv3d", i) + "/bias:0"])
    h = F.max_pool3d(F.leaky_relu(h, 0.3), 2)
h = h.permute(0, 2, 3, 4, 1).reshape(n, -1)
for i in range(3):
    h = h @ before[indexed("dense", i) + "/kernel:0"] + before[indexed("dense", i) + "/bias:0"]
    h = torch.tanh(h) * 1.2 if i == 2 else F.leaky_relu(h, 0.3)
loss = ((h - y) ** 2).mean() + l2 * sum((before[f"{k}/kernel:0"] ** 2).sum() for k in ("dense", "dense_1"))
loss.backward()

gradients = updates = 0.0
for key, tensor in before.items():
    gradient, found = tensor.grad, -after[key + "/velocity"] / rate
    gradients = max(gradients, ((found - gradient).abs().max() / gradient.abs().max()).item())
    weight = tensor.detach() - rate * gradient
    updates = max(updates, ((after[key] - weight).abs().max() / weight.abs().max()).item())
print(repr(loss.item()), repr(gradients), repr(updates))
