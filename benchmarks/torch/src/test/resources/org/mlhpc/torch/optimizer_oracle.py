"""Updates of PyTorch's Adam or AdamW in float64.

Arguments: a file whose first line holds the weights and each further line a gradient; class; learning rate; two betas; eps;
weight decay. Prints the weights.
"""
import sys

import torch

file, name, rate, beta1, beta2, eps, decay = sys.argv[1:]
lines = [torch.tensor([float(word) for word in line.split()], dtype=torch.float64) for line in open(file)]
weights = lines[0].requires_grad_(True)
optimizer = getattr(torch.optim, name)(
    [weights], lr=float(rate), betas=(float(beta1), float(beta2)), eps=float(eps), weight_decay=float(decay)
)
for gradient in lines[1:]:
    weights.grad = gradient
    optimizer.step()
print(" ".join(repr(value) for value in weights.tolist()))
