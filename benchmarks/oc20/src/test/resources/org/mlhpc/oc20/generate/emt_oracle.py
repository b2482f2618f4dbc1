"""Energy and forces by ASE's EMT. Reads lines of numbers: atomic numbers, positions, cell; prints energy and forces."""
import sys

import numpy as np
from ase import Atoms
from ase.calculators.emt import EMT

with open(sys.argv[1]) as file:
    lines = [np.array([float(v) for v in line.split()]) for line in file]
for numbers, positions, cell in zip(lines[::3], lines[1::3], lines[2::3]):
    atoms = Atoms(numbers.astype(int), positions.reshape(-1, 3), cell=cell.reshape(3, 3), pbc=True, calculator=EMT())
    print(repr(float(atoms.get_potential_energy())), *(repr(float(v)) for v in atoms.get_forces().reshape(-1)))
