"""Linear theory written independently of the Java code: another integration rule, another order of evaluation.

Usage: linear_theory.py OMEGA_M OMEGA_B SIGMA_8 N_S H
Prints one line per quantity: name, argument, value. Wavenumbers in h/Mpc, power in (Mpc/h)^3.
"""

import sys

import numpy as np


def transfer_no_wiggle(k_h, om, ob, h):
    """Eisenstein & Hu 1998, equations 26 and 28 to 31, in physical units (k in 1/Mpc)."""
    om_h2, ob_h2 = om * h**2, ob * h**2
    k = np.asarray(k_h) * h
    s = 44.5 * np.log(9.83 / om_h2) / np.sqrt(1.0 + 10.0 * ob_h2**0.75)
    f = ob / om
    alpha = 1.0 - 0.328 * np.log(431.0 * om_h2) * f + 0.38 * np.log(22.3 * om_h2) * f**2
    shape = om_h2 * (alpha + (1.0 - alpha) / (1.0 + (0.43 * k * s) ** 4))
    q = k * (2.728 / 2.7) ** 2 / shape
    l0 = np.log(2.0 * np.e + 1.8 * q)
    c0 = 14.2 + 731.0 / (1.0 + 62.5 * q)
    return l0 / (l0 + c0 * q**2)


def integrate(y, x):
    return float(np.sum((y[1:] + y[:-1]) * np.diff(x)) / 2.0)


def power(k, om, ob, sigma8, ns, h):
    def unnormalised(q):
        return q**ns * transfer_no_wiggle(q, om, ob, h) ** 2

    q = np.geomspace(1e-5, 1e2, 200_001)
    x = 8.0 * q
    window = 3.0 * (np.sin(x) / x**3 - np.cos(x) / x**2)
    variance = integrate(q**2 * unnormalised(q) * window**2, q) / (2.0 * np.pi**2)
    return sigma8**2 / variance * unnormalised(k)


def growth(z, om):
    """D(z)/D(0), integrating the growth equation's solution over the scale factor directly."""

    def d(a):
        x = np.linspace(1e-8, a, 400_001)
        hubble = np.sqrt(om / x**3 + 1.0 - om)
        return np.sqrt(om / a**3 + 1.0 - om) * integrate(1.0 / (x * hubble) ** 3, x)

    return d(1.0 / (1.0 + z)) / d(1.0)


def main():
    om, ob, sigma8, ns, h = map(float, sys.argv[1:])
    for k in (0.001, 0.01, 0.05, 0.2, 1.0, 5.0):
        print("transfer", k, repr(float(transfer_no_wiggle(k, om, ob, h))))
        print("power", k, repr(float(power(k, om, ob, sigma8, ns, h))))
    for z in (0.5, 1.5, 3.0, 10.0):
        print("growth", z, repr(float(growth(z, om))))


main()
