"""Times the training step of DeepCAM in PyTorch, for './mlhpc bench train deepcam --against'.

Reads {"settings", "batch", "threads", "warm_up", "steps"} as JSON from standard input, prints the seconds of each step.
Written as a user of PyTorch would: modules, default memory layout, in-place ReLU, torch.optim.AdamW.
"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

request = json.load(sys.stdin)
settings = request["settings"]
torch.set_num_threads(request["threads"])
torch.manual_seed(0)
height, width = int(settings["image_height"]), int(settings["image_width"])
divisor, middle = int(settings["width_divisor"]), int(settings["middle_blocks"])


def w(channels):
    return max(1, channels // divisor)


def separable(i, o, stride=1, dilation=1):
    depthwise = nn.Conv2d(i, i, 3, stride, dilation, dilation, groups=i, bias=False)
    return nn.Sequential(depthwise, nn.Conv2d(i, o, 1, bias=False))


def cbr(i, o, kernel, stride=1, dilation=1):
    convolution = nn.Conv2d(i, o, kernel, stride, kernel // 2 * dilation, dilation, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(o), nn.ReLU(inplace=True))


def deconv(i, o):
    return nn.ConvTranspose2d(i, o, 3, stride=2, padding=1, output_padding=1, bias=False)


def dbr(i, o):
    return nn.Sequential(deconv(i, o), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


class Block(nn.Module):
    def __init__(self, i, o, repetitions, stride=1, grow_first=True, relu=True):
        super().__init__()
        plan = [(i, o)] + [(o, o)] * (repetitions - 1) if grow_first else [(i, i)] * (repetitions - 1) + [(i, o)]
        layers = []
        for a, b in plan:
            layers += [separable(a, b), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]
        layers.pop()
        self.skip = None
        if i != o or stride != 1:
            layers.append(separable(o, o, stride))
            self.skip = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))
        self.layers, self.relu = nn.Sequential(*layers), relu

    def forward(self, x):
        y = self.layers(x)
        y += x if self.skip is None else self.skip(x)
        return F.relu_(y) if self.relu else y


class Pool(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.convolution = nn.Conv2d(i, o, 1, bias=False)
        self.scale, self.shift = nn.Parameter(torch.ones(o, 1, 1)), nn.Parameter(torch.zeros(o, 1, 1))

    def forward(self, x):
        y = self.convolution(F.adaptive_avg_pool2d(x, 1))
        return F.relu(self.scale * y + self.shift).expand(-1, -1, *x.shape[2:])


class DeepLab(nn.Module):
    def __init__(self):
        super().__init__()
        self.entry = nn.Sequential(cbr(16, w(32), 3, 2), cbr(w(32), w(64), 3), Block(w(64), w(128), 2, 2, relu=False))
        self.encoder = nn.Sequential(
            Block(w(128), w(256), 2, 2),
            Block(w(256), w(728), 2, 2),
            *[Block(w(728), w(728), 3) for _ in range(middle)],
            Block(w(728), w(1024), 2, grow_first=False, relu=False),
            *[
                nn.Sequential(separable(w(a), w(b), dilation=2), nn.BatchNorm2d(w(b)), nn.ReLU(inplace=True))
                for a, b in ((1024, 1536), (1536, 1536), (1536, 2048))
            ],
        )
        self.branches = nn.ModuleList([cbr(w(2048), w(256), 1 if r == 1 else 3, dilation=r) for r in (1, 6, 12, 18)])
        self.branches.append(Pool(w(2048), w(256)))
        self.merge = cbr(5 * w(256), w(256), 1)
        self.low = cbr(w(128), w(48), 1)
        self.up = nn.Sequential(dbr(w(256), w(256)), dbr(w(256), w(256)))
        self.decoder = nn.Sequential(
            cbr(w(256) + w(48), w(256), 3),
            cbr(w(256), w(256), 3),
            nn.Conv2d(w(256), w(256), 1),
            dbr(w(256), w(256)),
            deconv(w(256), 3),
        )

    def forward(self, x):
        low = F.relu_(self.entry(x))
        x = self.encoder(low)
        x = self.merge(torch.cat([branch(x) for branch in self.branches], 1))
        return self.decoder(torch.cat([self.up(x), self.low(low)], 1))


model = DeepLab()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, eps=1e-6, weight_decay=float(settings["opt_weight_decay"]))
x = torch.rand(request["batch"], 16, height, width)
labels = torch.randint(3, (request["batch"], height, width))
weights = torch.tensor([0.986267818390377, 0.0004578708870701058, 0.01327431072255291]) ** -0.125


def step():
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=settings["precision"] == "bf16"):
        scores = model(x)
    loss = F.cross_entropy(scores.float(), labels, weight=weights, reduction="none").mean()
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(request["warm_up"]):
    step()
for _ in range(request["steps"]):
    begin = time.perf_counter()
    step()
    print(time.perf_counter() - begin, flush=True)
