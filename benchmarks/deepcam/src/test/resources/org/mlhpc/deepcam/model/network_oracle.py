"""DeepLabv3+ with an Xception encoder in PyTorch's modules, in float64, on the weights and the batch that mlhpc used.

Arguments: folder with inputs.txt, inputs.f64 (batch and weights), outputs.txt and outputs.f64 (what mlhpc computed: the output
of each operator, gradients, running statistics); width divisor; number of middle blocks. Prints for each output, gradient and
buffer the largest difference by the largest value of the tensor, and the loss.
"""
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

folder, divisor, middle = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def load(name):
    values = np.fromfile(f"{folder}/{name}.f64", "<f8")
    tensors, offset = {}, 0
    for line in open(f"{folder}/{name}.txt"):
        shape, key = line.rstrip("\n").split(" ", 1)
        shape = [int(n) for n in shape[1:-1].split(",") if n]
        size = int(np.prod(shape))
        tensors[key] = torch.from_numpy(values[offset : offset + size].reshape(shape).copy())
        offset += size
    return tensors


def width(channels):
    return max(1, channels // divisor)


class Named(nn.Module):
    """Holds modules under the names of a state dictionary with dots."""

    def __init__(self):
        super().__init__()
        self.parts = {}

    def put(self, name, module):
        self.parts[name] = module.double()
        return module


net = Named()
seen = {}


def note(name, tensor):
    seen[name] = tensor.detach().clone()
    return tensor


def conv(name, x, i, o, k, stride=1, dilation=1, groups=1, bias=False):
    module = nn.Conv2d(i, o, k, stride, (k // 2) * dilation, dilation, groups, bias)
    return note(name, run(name, module, x))


def deconv(name, x, i, o):
    return note(name, run(name, nn.ConvTranspose2d(i, o, 3, stride=2, padding=1, output_padding=1, bias=False), x))


def run(name, module, x):
    net.put(name, module)
    for kind, parameter in module.named_parameters():
        with torch.no_grad():
            parameter.data = inputs[f"parameter {name}.{kind}"]
    return module(x)


def norm(name, x):
    return note(name, run(name, nn.BatchNorm2d(x.shape[1]), x))


def separable(name, x, i, o, stride=1, dilation=1):
    return conv(name + ".pointwise", conv(name + ".conv1", x, i, i, 3, stride, dilation, groups=i), i, o, 1)


def block(name, x, i, o, repetitions, stride, grow_first, ends_with_relu):
    plan = [(i, o)] + [(o, o)] * (repetitions - 1) if grow_first else [(i, i)] * (repetitions - 1) + [(i, o)]
    y, index = x, 0
    for number, (a, b) in enumerate(plan):
        y = norm(f"{name}.rep.{index + 1}.bn", separable(f"{name}.rep.{index}", y, a, b))
        if number + 1 < repetitions:
            y = note(f"{name}.rep.{index + 2}", F.relu(y))
            index += 3
        else:
            index += 2
    if i != o or stride != 1:
        y = separable(f"{name}.rep.{index}", y, o, o, stride)
        skip = norm(name + ".skipbn.bn", conv(name + ".skip", x, i, o, 1, stride))
    else:
        skip = x
    y = note(name + ".add", y + skip)
    return note(name + ".relu", F.relu(y)) if ends_with_relu else y


def cbr(name, bn, x, *args, **kwargs):
    return note(name + ".relu", F.relu(norm(bn, conv(name, x, *args, **kwargs))))


def dbr(name, bn, x, i, o):
    return note(name + ".relu", F.relu(norm(bn, deconv(name, x, i, o))))


inputs, outputs = load("inputs"), load("outputs")
parameters = {key[len("parameter ") :]: value.requires_grad_(True) for key, value in inputs.items() if key.startswith("parameter")}

e = "xception_features."
x = cbr(e + "conv1", e + "bn1.bn", inputs["x"], 16, width(32), 3, 2)
x = cbr(e + "conv2", e + "bn2.bn", x, width(32), width(64), 3)
x = block(e + "block1", x, width(64), width(128), 2, 2, True, False)
# An in-place ReLU in the reference: the decoder sees its result.
x = low = note(e + "relu", F.relu(x))
x = block(e + "block2", x, width(128), width(256), 2, 2, True, True)
x = block(e + "block3", x, width(256), width(728), 2, 2, True, True)
for n in range(middle):
    x = block(f"{e}block{4 + n}", x, width(728), width(728), 3, 1, True, True)
x = block(f"{e}block{4 + middle}", x, width(728), width(1024), 2, 1, False, False)
for n, (a, b) in enumerate([(1024, 1536), (1536, 1536), (1536, 2048)]):
    x = norm(f"{e}bn{3 + n}.bn", separable(f"{e}conv{3 + n}", x, width(a), width(b), dilation=2))
    x = note(f"{e}relu{3 + n}", F.relu(x))

branches = []
for n, rate in enumerate([1, 6, 12, 18]):
    name = f"bottleneck.aspp{n + 1}"
    kernel = 1 if rate == 1 else 3
    branches.append(cbr(name + ".atrous_convolution", name + ".bn.bn", x, width(2048), width(256), kernel, 1, rate))
pool = "bottleneck.global_avg_pool.global_average_pool."
mean = note(pool + "0", nn.AdaptiveAvgPool2d((1, 1))(x))
mean = conv(pool + "1", mean, width(2048), width(256), 1)
mean = note(pool + "2", parameters[pool + "2.weights"] * mean + parameters[pool + "2.bias"])
mean = note(pool + "3", F.relu(mean))
branches.append(note("bottleneck.tile", torch.tile(mean, (1, 1) + tuple(x.shape[2:]))))
x = note("bottleneck.cat", torch.cat(branches, 1))
x = cbr("bottleneck.conv", "bottleneck.bn.bn", x, 5 * width(256), width(256), 1)

low = cbr("conv2", "bn2.bn", low, width(128), width(48), 1)
u, wide = "upsample.", width(256)
x = dbr(u + "deconv1.0", u + "deconv1.1.bn", x, wide, wide)
x = dbr(u + "deconv1.3", u + "deconv1.4.bn", x, wide, wide)
x = note(u + "cat", torch.cat([x, low], 1))
x = cbr(u + "conv1.0", u + "conv1.1.bn", x, wide + width(48), wide, 3)
x = cbr(u + "conv1.3", u + "conv1.4.bn", x, wide, wide, 3)
x = conv(u + "conv1.6", x, wide, wide, 1, bias=True)
x = dbr(u + "deconv2.0", u + "deconv2.1.bn", x, wide, wide)
x = deconv(u + "last_deconv.0", x, wide, 3)

frequencies = torch.tensor([0.986267818390377, 0.0004578708870701058, 0.01327431072255291], dtype=torch.float64)
losses = nn.CrossEntropyLoss(weight=frequencies**-0.125, reduction="none")(x, inputs["labels"].long())
loss = losses.mean()
loss.backward()
seen["loss"] = loss.detach()


def compare(kind, name, expected):
    found = outputs[f"{kind} {name}"].reshape(expected.shape)
    scale = max(expected.abs().max().item(), 1e-300)
    print(kind, name, (found - expected).abs().max().item() / scale)


for name, tensor in seen.items():
    compare("output", name, tensor)
for name, module in net.parts.items():
    for kind, parameter in module.named_parameters():
        compare("gradient", f"{name}.{kind}", parameter.grad)
    for kind, buffer in module.named_buffers():
        if kind != "num_batches_tracked":
            compare("buffer", f"{name}.{kind}", buffer)
for kind in ("weights", "bias"):
    compare("gradient", f"{pool}2.{kind}", parameters[f"{pool}2.{kind}"].grad)
missing = {key for key in outputs if key.startswith("output")} - {f"output {name}" for name in seen}
assert not missing, missing
print("loss", repr(loss.item()))
