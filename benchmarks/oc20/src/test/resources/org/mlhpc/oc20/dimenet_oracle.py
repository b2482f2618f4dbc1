"""DimeNet++ written plainly in PyTorch, triplet by triplet in float64, compared with tensors of another implementation.

Arguments: a folder with tensors.bin (lines 'name size size ...', each followed by float64 values), whether forces know of
angles, blocks, spherical, radial, cutoff, envelope exponent, layers before and after the skip connection, output layers.
Prints a line 'name difference' for each compared tensor: the largest difference relative to the tensor's largest value.
"""
import math
import sys

import numpy as np
import torch
from scipy.optimize import brentq
from scipy.special import spherical_jn

folder, with_angles = sys.argv[1], sys.argv[2] == "true"
blocks, spherical, radial = int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
cutoff, exponent = float(sys.argv[6]), int(sys.argv[7])
before, after, outputs = int(sys.argv[8]), int(sys.argv[9]), int(sys.argv[10])

tensors = {}
with open(f"{folder}/tensors.bin", "rb") as file:
    while line := file.readline():
        name, *sizes = line.decode().split()
        sizes = [int(size) for size in sizes]
        values = np.frombuffer(file.read(8 * math.prod(sizes)), dtype="<f8").reshape(sizes)
        tensors[name] = torch.tensor(values)
w = {n[7:]: t.requires_grad_(True) for n, t in tensors.items() if n.startswith("weight:")}
found = {n[6:]: t for n, t in tensors.items() if n.startswith("found:")}
given = {n[6:]: t for n, t in tensors.items() if n.startswith("given:")}
z, source, target, graph, free = (given[k].long() for k in ("elements", "source", "target", "graph", "free"))
pos = given["positions"].clone().requires_grad_(True)

# Triplets: for each edge j to i all edges k to j but the one that returns to the same image.
kj, ji = [], []
image = given["images"]
for e in range(len(source)):
    for f in range(len(source)):
        if target[f] == source[e] and not (source[f] == target[e] and bool((image[e] + image[f] == 0).all())):
            kj.append(f)
            ji.append(e)
kj, ji = torch.tensor(kj), torch.tensor(ji)

# The network takes its vectors in float32: they are those of the positions to half a unit in the last place, and the same here.
exact = (pos[source] + given["offset"] - pos[target]).detach()
assert ((exact - given["vectors"]).abs() <= 2**-24 * exact.abs() + 1e-12).all()
vector = pos[source] - pos[target] + (given["vectors"] - (pos[source] - pos[target]).detach())
distance = vector.norm(dim=1)
x = distance / cutoff
p = exponent + 1
a, b, c = -(p + 1) * (p + 2) / 2, p * (p + 2), -p * (p + 1) / 2
envelope = 1 / x + a * x ** (p - 1) + b * x**p + c * x ** (p + 1)
rbf = envelope[:, None] * torch.sin(w["rbf.freq"] * x[:, None])


def bessel(l, y):
    below, value = torch.cos(y) / y, torch.sin(y) / y
    for k in range(l):
        below, value = value, (2 * k + 1) / y * value - below
    return value


def zeros(l):
    grid = np.linspace(l + 0.5 if l else 1.0, l + 4 * (radial + 3), 4000)
    v = spherical_jn(l, grid)
    return [brentq(lambda t: spherical_jn(l, t), grid[i], grid[i + 1], xtol=1e-15) for i in np.where(v[:-1] * v[1:] < 0)[0]][:radial]


columns = []
for l in range(spherical):
    for zero in zeros(l):
        norm = 1 / math.sqrt(0.5 * spherical_jn(l + 1, zero) ** 2)
        columns.append(envelope * norm * bessel(l, zero * x))
radials = torch.stack(columns, 1).view(-1, spherical, radial)
u, v = (vector, vector) if with_angles else (vector.detach(), vector.detach())
angle = torch.atan2(torch.cross(u[ji], v[kj], dim=1).norm(dim=1), (u[ji] * v[kj]).sum(1))
cosine, legendre = torch.cos(angle), [torch.ones_like(angle), torch.cos(angle)]
for l in range(2, spherical):
    legendre.append(((2 * l - 1) * cosine * legendre[-1] - (l - 1) * legendre[-2]) / l)
harmonic = torch.stack([math.sqrt((2 * l + 1) / (4 * math.pi)) * legendre[l] for l in range(spherical)], 1)
sbf = (radials[kj] * harmonic[:, :, None]).reshape(len(kj), -1)


def act(t):
    return t * torch.sigmoid(t)


def linear(name, t):
    t = t @ w[name + ".weight"].T
    return t + w[name + ".bias"] if name + ".bias" in w else t


def total(t, index, count):
    return torch.zeros(count, t.shape[1], dtype=t.dtype).index_add(0, index, t)


def output(name, t):
    t = linear(name + ".lin_up", total(linear(name + ".lin_rbf", rbf) * t, target, len(z)))
    for layer in range(outputs):
        t = act(linear(f"{name}.lins.{layer}", t))
    return linear(name + ".lin", t)


def residual(name, t):
    return t + act(linear(name + ".lin2", act(linear(name + ".lin1", t))))


def interact(name, t):
    direct = act(linear(name + ".lin_ji", t))
    m = act(linear(name + ".lin_kj", t)) * linear(name + ".lin_rbf2", linear(name + ".lin_rbf1", rbf))
    m = act(linear(name + ".lin_down", m))
    m = m[kj] * linear(name + ".lin_sbf2", linear(name + ".lin_sbf1", sbf))
    h = direct + act(linear(name + ".lin_up", total(m, ji, len(t))))
    for layer in range(before):
        h = residual(f"{name}.layers_before_skip.{layer}", h)
    h = act(linear(name + ".lin", h)) + t
    for layer in range(after):
        h = residual(f"{name}.layers_after_skip.{layer}", h)
    return h


element = w["emb.emb.weight"][z]
message = torch.cat([element[target], element[source], act(linear("emb.lin_rbf", rbf))], 1)
message = act(linear("emb.lin", message))
computed = {"rbf": rbf, "radial": radials, "embedding": message}
energy = output("output_blocks.0", message)
computed["output_blocks.0"] = energy
for block in range(blocks):
    message = interact(f"interaction_blocks.{block}", message)
    energy = energy + output(f"output_blocks.{block + 1}", message)
    computed[f"interaction_blocks.{block}"] = message
    computed[f"output_blocks.{block + 1}"] = energy
computed["energies"] = total(energy, graph, int(graph.max()) + 1)[:, 0]
forces = -torch.autograd.grad(energy.sum(), pos, create_graph=True)[0]
computed["forces"] = forces
loss = 50 * (forces - given["forces"] / given["std"])[free].abs().sum() / len(free)
computed["loss"] = loss
loss.backward()
for name, tensor in w.items():
    computed["gradient:" + name] = tensor.grad
# In the published form the radial functions carry no factor of the harmonics.
scale = torch.tensor([math.sqrt((2 * l + 1) / (4 * math.pi)) for l in range(spherical)], dtype=torch.float64)
computed["radial"] = computed["radial"] * scale[None, :, None]
for name, value in computed.items():
    expected, seen = value.detach().reshape(-1), found[name].reshape(-1)
    assert expected.shape == seen.shape, (name, expected.shape, seen.shape)
    print(name, ((expected - seen).abs().max() / expected.abs().max().clamp_min(1e-300)).item())
print("triplets", abs(len(kj) - given["triplets"].item()))
