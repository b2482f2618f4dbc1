"""Times the training step of CosmoFlow in PyTorch, for './mlhpc bench train cosmoflow --against'.

Reads {"settings", "batch", "threads", "warm_up", "steps"} as JSON from standard input, prints the seconds of each step.
Written as a user of PyTorch would: modules, default memory layout, torch.optim.SGD.
"""
import json
import sys
import time

import torch
from torch import nn

request = json.load(sys.stdin)
settings = request["settings"]
torch.set_num_threads(request["threads"])
torch.manual_seed(0)

side = int(settings["sample_size"])
layers = int(settings["conv_layers"])
filters = int(settings["conv_filters"])
kernel = int(settings["conv_kernel"])
dropout = float(settings["dropout"])
l2 = float(settings["opt_weight_decay"])

modules, channels = [], 4
for layer in range(layers):
    modules += [nn.Conv3d(channels, filters << layer, kernel, padding="same"), nn.LeakyReLU(0.3), nn.MaxPool3d(2)]
    channels = filters << layer
dense = [nn.Linear(channels * (side >> layers) ** 3, int(settings["fc1_size"]))]
dense += [nn.Linear(int(settings["fc1_size"]), int(settings["fc2_size"]))]
modules += [nn.Flatten(), dense[0], nn.LeakyReLU(0.3), nn.Dropout(dropout), dense[1], nn.LeakyReLU(0.3), nn.Dropout(dropout)]
modules += [nn.Linear(int(settings["fc2_size"]), 4), nn.Tanh()]
model = nn.Sequential(*modules)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=float(settings["sgd_opt_momentum"]))

x = torch.log1p(torch.poisson(torch.ones(request["batch"], 4, side, side, side)))
y = torch.rand(request["batch"], 4) * 2 - 1


def step():
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=settings["precision"] == "bf16"):
        estimate = model(x) * 1.2
    loss = nn.functional.mse_loss(estimate.float(), y)
    if l2:
        loss = loss + l2 * sum((layer.weight**2).sum() for layer in dense)
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(request["warm_up"]):
    step()
for _ in range(request["steps"]):
    begin = time.perf_counter()
    step()
    print(time.perf_counter() - begin)
