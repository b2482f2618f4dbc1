"""Times ./mlhpc check beside the official compliance checker on the same published logs, in turn.

Usage: compare_speed.py MLHPC PUBLISHED CHECKOUT CHECKOUT_0.5.0 [TURNS]
MLHPC is the launcher. PUBLISHED holds the unpacked rounds v0.7, v1.0 and v2.0. CHECKOUT is a checkout of mlcommons/logging,
CHECKOUT_0.5.0 one of mlperf-hpc/logging, branch hpc-0.5.0-workaround1.
The official checker goes through all logs of a round in one process, which is faster than its command line for each log.
Ours starts anew for each round and also computes the scores. Prints seconds (wall clock) and peak memory (resident set) of
each turn, then medians with the smallest and the largest value.
"""

import os
import statistics
import subprocess
import sys
import time

OFFICIAL = """
import contextlib, glob, io, logging, os, sys
checkout, folder, ruleset = sys.argv[1:]
sys.path.insert(0, checkout)
from mlperf_logging.compliance_checker import mlp_compliance
logging.disable(logging.CRITICAL)
os.chdir(checkout)
logs = sorted(glob.glob(folder + "/**/result_*.txt", recursive=True))
failed = 0
for log in logs:
    mlp_compliance.enqueued_configs.clear()
    if ruleset == "0.5.0":
        checker, config = mlp_compliance.make_checker("hpc_0.5.0", False, False), "hpc_0.5.0/common.yaml"
    else:
        checker, config = mlp_compliance.make_checker("hpc", ruleset, False, False), f"hpc_{ruleset}/common.yaml"
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            failed += not checker.check_file(log, config)
    except Exception:
        failed += 1
print(len(logs), failed)
"""
ROUNDS = {"v0.7": "0.5.0", "v1.0": "1.0.0", "v2.0": "2.0.0"}

mlhpc, published, checkout, checkout_first = (os.path.abspath(path) for path in sys.argv[1:5])
turns = int(sys.argv[5]) if len(sys.argv) > 5 else 3


def measured(command):
    """Seconds, peak MiB and output of a command, with its children."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    usage = os.wait4(process.pid, 0)[2]
    return time.monotonic() - begin, usage.ru_maxrss / 1024, output


def ours():
    results = [measured([mlhpc, "check", f"{published}/{name}", "--ruleset", rules]) for name, rules in ROUNDS.items()]
    return sum(result[0] for result in results), max(result[1] for result in results), ""


def official():
    results = [
        measured([sys.executable, "-c", OFFICIAL, checkout_first if rules == "0.5.0" else checkout, f"{published}/{name}", rules])
        for name, rules in ROUNDS.items()
    ]
    counts = [tuple(map(int, result[2].split())) for result in results]
    said = f", {sum(logs for logs, _ in counts)} logs, {sum(failed for _, failed in counts)} rejected"
    return sum(result[0] for result in results), max(result[1] for result in results), said


def summary(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


seconds = {"ours": [], "official": []}
memory = {"ours": [], "official": []}
ours()  # the first start may build
for turn in range(turns):
    for name, run in (("ours", ours), ("official", official)):
        wall, peak, said = run()
        seconds[name].append(wall)
        memory[name].append(peak)
        print(f"turn {turn + 1}, {name}: {wall:.2f} s, {peak:.0f} MiB{said}", flush=True)
for name in seconds:
    print(f"{name}: {summary(seconds[name])} s, {summary(memory[name])} MiB")
ratios = [b / a for a, b in zip(seconds["ours"], seconds["official"])]
print(f"official / ours: {summary(ratios)}")
