"""Times a training step on forces of DimeNet++ in PyTorch, for './mlhpc bench train oc20 --against'.

Reads {"settings", "batch", "batch_file", "threads", "warm_up", "steps"} as JSON from standard input, prints the seconds of each step.
Written as a user of PyTorch would: modules, lists of triplets, index_add, autograd.grad with create_graph, AdamW. Lists of
triplets are made before the clock starts. The graphs are those of "batch_file", on which the other side trains.
"""
import json
import math
import sys
import time

import numpy as np
import torch
from scipy.optimize import brentq
from scipy.special import spherical_jn
from torch import nn

request = json.load(sys.stdin)
settings = request["settings"]
torch.set_num_threads(request["threads"])
torch.manual_seed(0)


def number(key):
    return int(settings[key])


hidden, inner, basis = number("hidden_channels"), number("int_emb_size"), number("basis_emb_size")
spherical, radial = number("num_spherical"), number("num_radial")
cutoff, std = float(settings["cutoff"]), float(settings["grad_target_std"])
held = settings["angle_gradient"] == "false"


def read_tensors(file):
    """All tensors of a Safetensors file by name."""
    with open(file, "rb") as stream:
        header = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
        values = stream.read()
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(values[begin:end], {"F32": "<f4", "I64": "<i8"}[entry["dtype"]])
        tensors[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return tensors


def triplets(source, target, reverse, has_reverse):
    """For each edge ji the edges kj but the one back, as lists of both."""
    count = len(source)
    order = np.argsort(target, kind="stable")
    begin = np.searchsorted(target[order], source)
    many = np.searchsorted(target[order], source, side="right") - begin
    ji = np.repeat(np.arange(count), many)
    kj = order[np.arange(len(ji)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(begin, many)]
    keep = ~(has_reverse.reshape(-1)[ji].astype(bool) & (reverse[ji] == kj))
    return torch.from_numpy(kj[keep]), torch.from_numpy(ji[keep])


def total(x, index, count):
    return x.new_zeros(count, x.shape[1]).index_add(0, index, x)


class Envelope(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = p = number("envelope_exponent") + 1
        self.a, self.b, self.c = -(p + 1) * (p + 2) / 2, p * (p + 2), -p * (p + 1) / 2

    def forward(self, x):
        power = x ** (self.p - 1)
        return 1 / x + self.a * power + self.b * power * x + self.c * power * x * x


class Angular(nn.Module):
    """The basis of distances and angles, [triplets, spherical * radial]."""

    def __init__(self):
        super().__init__()
        self.envelope, zeros = Envelope(), []
        for l in range(spherical):
            grid = np.linspace(l + 0.5 if l else 1.0, l + 4 * (radial + 3), 4000)
            v = spherical_jn(l, grid)
            zeros.append([brentq(lambda t: spherical_jn(l, t), grid[i], grid[i + 1]) for i in np.where(v[:-1] * v[1:] < 0)[0]][:radial])
        norms = [[math.sqrt(2) / abs(spherical_jn(l + 1, z)) for z in zeros[l]] for l in range(spherical)]
        self.zeros, self.norms = torch.tensor(zeros).float(), torch.tensor(norms).float()

    def forward(self, distance, angle, kj):
        x, columns = distance / cutoff, []
        for l in range(spherical):
            y = x[:, None] * self.zeros[l]
            below, value = torch.cos(y) / y, torch.sin(y) / y
            for k in range(l):
                below, value = value, (2 * k + 1) / y * value - below
            columns.append(value * self.norms[l])
        radials = torch.stack(columns, 1) * self.envelope(x)[:, None, None]
        cosine = torch.cos(angle)
        legendre = [torch.ones_like(cosine), cosine]
        for l in range(2, spherical):
            legendre.append(((2 * l - 1) * cosine * legendre[-1] - (l - 1) * legendre[-2]) / l)
        harmonic = torch.stack([math.sqrt((2 * l + 1) / (4 * math.pi)) * p for l, p in enumerate(legendre[:spherical])], 1)
        return (radials[kj] * harmonic[:, :, None]).view(len(kj), -1)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin1, self.lin2, self.act = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden), nn.SiLU()

    def forward(self, x):
        return x + self.act(self.lin2(self.act(self.lin1(x))))


class Interaction(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.SiLU()
        self.rbf = nn.Sequential(nn.Linear(radial, basis, False), nn.Linear(basis, hidden, False))
        self.sbf = nn.Sequential(nn.Linear(spherical * radial, basis, False), nn.Linear(basis, inner, False))
        self.kj, self.ji, self.lin = (nn.Linear(hidden, hidden) for _ in range(3))
        self.down, self.up = nn.Linear(hidden, inner, False), nn.Linear(inner, hidden, False)
        self.before = nn.Sequential(*(Residual() for _ in range(number("num_before_skip"))))
        self.after = nn.Sequential(*(Residual() for _ in range(number("num_after_skip"))))

    def forward(self, x, rbf, sbf, kj, ji):
        m = self.act(self.down(self.act(self.kj(x)) * self.rbf(rbf)))
        m = total(m[kj] * self.sbf(sbf), ji, len(x))
        h = self.before(self.act(self.ji(x)) + self.act(self.up(m)))
        return self.after(self.act(self.lin(h)) + x)


class Output(nn.Module):
    def __init__(self):
        super().__init__()
        out = number("out_emb_channels")
        self.rbf, self.up = nn.Linear(radial, hidden, False), nn.Linear(hidden, out)
        layers = [m for _ in range(number("num_output_layers")) for m in (nn.Linear(out, out), nn.SiLU())]
        self.layers = nn.Sequential(*layers, nn.Linear(out, 1, False))

    def forward(self, x, rbf, target, atoms):
        return self.layers(self.up(total(self.rbf(rbf) * x, target, atoms)))


class DimeNet(nn.Module):
    def __init__(self):
        super().__init__()
        blocks = number("num_blocks")
        self.act, self.envelope, self.angular = nn.SiLU(), Envelope(), Angular()
        self.freq = nn.Parameter(math.pi * torch.arange(1, radial + 1).float())
        self.table, self.lin_rbf, self.lin = nn.Embedding(95, hidden), nn.Linear(radial, hidden), nn.Linear(3 * hidden, hidden)
        self.outputs = nn.ModuleList(Output() for _ in range(blocks + 1))
        self.interactions = nn.ModuleList(Interaction() for _ in range(blocks))

    def forward(self, z, pos, shift, source, target, kj, ji):
        vector = pos[source] - pos[target] + shift
        distance = vector.norm(dim=-1)
        seen = vector.detach() if held else vector
        angle = torch.atan2(torch.cross(seen[ji], seen[kj], dim=1).norm(dim=-1), (seen[ji] * seen[kj]).sum(-1))
        x = distance / cutoff
        rbf = self.envelope(x)[:, None] * torch.sin(self.freq * x[:, None])
        sbf = self.angular(distance, angle, kj)
        element = self.table(z)
        m = self.act(self.lin(torch.cat([element[target], element[source], self.act(self.lin_rbf(rbf))], -1)))
        energy = self.outputs[0](m, rbf, target, len(z))
        for interaction, output in zip(self.interactions, self.outputs[1:]):
            m = interaction(m, rbf, sbf, kj, ji)
            energy = energy + output(m, rbf, target, len(z))
        return energy


graphs = read_tensors(request["batch_file"])
z, source, target, free = (graphs[name] for name in ("elements", "source", "target", "free"))
kj, ji = triplets(*(graphs[name].numpy() for name in ("source", "target", "reverse", "hasReverse")))
# The other side keeps vectors of edges instead of positions; from the origin they lead to where the periodic images are.
pos, shift = torch.zeros(len(z), 3), graphs["vectors"]
forces = graphs["forces"] / std
model = DimeNet()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)


def step():
    optimizer.zero_grad()
    position = pos.clone().requires_grad_(True)
    with torch.autocast("cpu", torch.bfloat16, enabled=settings["precision"] == "bf16"):
        energy = model(z, position, shift, source, target, kj, ji)
        predicted = -torch.autograd.grad(energy.sum(), position, create_graph=True)[0]
    loss = float(settings["force_coefficient"]) * (predicted - forces)[free].abs().sum() / len(free)
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(request["warm_up"]):
    step()
for _ in range(request["steps"]):
    begin = time.perf_counter()
    step()
    print(time.perf_counter() - begin)
