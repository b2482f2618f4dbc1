"""Times a training step on forces of DimeNet++ in PyTorch, for './mlhpc bench train oc20 --against'.

Reads {"settings", "batch", "threads", "warm_up", "steps"} as JSON from standard input, prints the seconds of each step.
Written as a user of PyTorch would: modules, lists of triplets, index_add, autograd.grad with create_graph, AdamW. Graphs and
lists of triplets are made before the clock starts. Rattled fcc slabs of as many atoms as the generated data have.
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
random = np.random.default_rng(0)


def number(key):
    return int(settings[key])


hidden, inner, basis = number("hidden_channels"), number("int_emb_size"), number("basis_emb_size")
spherical, radial = number("num_spherical"), number("num_radial")
cutoff, neighbours = float(settings["cutoff"]), number("max_neighbors")
held = settings["angle_gradient"] == "false"


def slab():
    """Elements, positions and edges (source, target, image) of a rattled fcc(100) slab with two atoms on it."""
    choices = [int(n) for n in settings["gen_repeats"].split(",")]
    nx, ny, layers = random.choice(choices), random.choice(choices), number("gen_layers")
    d = random.choice([2.49, 2.55, 2.75, 2.77, 2.87, 2.88, 2.89])
    grid = np.stack(np.meshgrid(np.arange(nx), np.arange(ny), np.arange(layers), indexing="ij"), -1).reshape(-1, 3)
    pos = (grid + 0.5 * (grid[:, 2:] % 2) * [1, 1, 0]) * [d, d, d / math.sqrt(2)]
    top = [[0.4 * nx * d, 0.5 * ny * d, pos[:, 2].max() + h] for h in (1.5, 2.6)]
    pos = np.concatenate([pos, top]) + random.normal(0, 0.05, (len(pos) + 2, 3))
    cell = np.array([[nx * d, 0, 0], [0, ny * d, 0]])
    images = np.stack(np.meshgrid(*[np.arange(-3, 4)] * 2, indexing="ij"), -1).reshape(-1, 2)
    vectors = pos[None, :, None] + (images @ cell)[None, None] - pos[:, None, None]
    distance = np.linalg.norm(vectors, axis=-1)
    distance[distance < 0.01] = np.inf
    edges = []
    for target in range(len(pos)):
        order = np.argsort(distance[target], axis=None)[:neighbours]
        order = order[distance[target].reshape(-1)[order] <= cutoff]
        edges += [(k // len(images), target, *images[k % len(images)]) for k in order]
    elements = [29] * (len(pos) - 2) + [6, 8]
    return elements, pos, np.array(edges), cell


def batch():
    elements, pos, source, target, shift, kj, ji, atoms, count = [], [], [], [], [], [], [], 0, 0
    for _ in range(request["batch"]):
        z, p, e, cell = slab()
        incoming = [np.where(e[:, 1] == j)[0] for j in range(len(p))]
        for number_, (s, t, a, b) in enumerate(e):
            back = (e[incoming[s], 0] == t) & (e[incoming[s], 2] == -a) & (e[incoming[s], 3] == -b)
            kj.append(incoming[s][~back] + count)
            ji.append(np.full(len(kj[-1]), number_ + count))
        elements += z
        pos.append(p)
        source.append(e[:, 0] + atoms)
        target.append(e[:, 1] + atoms)
        shift.append(e[:, 2:] @ cell)
        atoms, count = atoms + len(p), count + len(e)
    floats = [torch.tensor(np.concatenate(v), dtype=torch.float32) for v in (pos, shift)]
    longs = [torch.tensor(np.concatenate(v)) for v in (source, target, kj, ji)]
    return torch.tensor(elements), *floats, *longs


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


z, pos, shift, source, target, kj, ji = batch()
print(f"{len(z)} atoms, {len(source)} edges, {len(kj)} triplets", file=sys.stderr)
forces = torch.randn(len(z), 3)
model = DimeNet()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)


def step():
    optimizer.zero_grad()
    position = pos.clone().requires_grad_(True)
    with torch.autocast("cpu", torch.bfloat16, enabled=settings["precision"] == "bf16"):
        energy = model(z, position, shift, source, target, kj, ji)
        predicted = -torch.autograd.grad(energy.sum(), position, create_graph=True)[0]
    loss = 50 * (predicted - forces).abs().sum() / len(z)
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(request["warm_up"]):
    step()
for _ in range(request["steps"]):
    begin = time.perf_counter()
    step()
    print(time.perf_counter() - begin)
