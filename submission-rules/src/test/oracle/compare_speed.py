"""Times ./mlhpc check beside the official compliance checker on the same published logs, in turn.

Usage: compare_speed.py MLHPC PUBLISHED CHECKOUT CHECKOUT_0.5.0 [TURNS]
MLHPC is the launcher. PUBLISHED holds the unpacked rounds v0.7, v1.0 and v2.0. CHECKOUT is a checkout of mlcommons/logging,
CHECKOUT_0.5.0 one of mlperf-hpc/logging, branch hpc-0.5.0-workaround1.
The official checker is timed twice: going through all logs of a round in one process, which it has no command for, and by its
command line, a process for each log; of that, each hundredth log is run and the sum multiplied by a hundred.
Ours starts anew for each round and also computes the scores. Prints seconds (wall clock, and processor time of all threads,
which other work on the machine disturbs less) and peak memory (resident set) of each turn, then medians with the smallest and
the largest value.
"""

import glob
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
STEP = 100
ROUNDS = {"v0.7": "0.5.0", "v1.0": "1.0.0", "v2.0": "2.0.0"}

mlhpc, published, checkout, checkout_first = (os.path.abspath(path) for path in sys.argv[1:5])
turns = int(sys.argv[5]) if len(sys.argv) > 5 else 3


def measured(command, folder=None):
    """Wall seconds, processor seconds, peak MiB and output of a command, with its children."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder)
    output = process.stdout.read()
    usage = os.wait4(process.pid, 0)[2]
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def total(results):
    wall, processor, peak, _ = zip(*results)
    return sum(wall), sum(processor), max(peak)


def ours():
    results = [measured([mlhpc, "check", f"{published}/{name}", "--ruleset", rules]) for name, rules in ROUNDS.items()]
    return total(results), ""


def official():
    results = [
        measured([sys.executable, "-c", OFFICIAL, checkout_first if rules == "0.5.0" else checkout, f"{published}/{name}", rules])
        for name, rules in ROUNDS.items()
    ]
    counts = [tuple(map(int, result[3].split())) for result in results]
    return total(results), f", {sum(logs for logs, _ in counts)} logs, {sum(failed for _, failed in counts)} rejected"


def command_line():
    results = []
    for name, rules in ROUNDS.items():
        ruleset = ["--ruleset", "hpc_0.5.0"] if rules == "0.5.0" else ["--usage", "hpc", "--ruleset", rules]
        where = checkout_first if rules == "0.5.0" else checkout
        own = [] if rules == "0.5.0" else ["--log_output", os.devnull]
        for log in sorted(glob.glob(f"{published}/{name}/**/result_*.txt", recursive=True))[::STEP]:
            command = [sys.executable, "-m", "mlperf_logging.compliance_checker", *ruleset, *own, log]
            results.append(measured(command, where))
    wall, processor, peak = total(results)
    return (STEP * wall, STEP * processor, peak), f", from {len(results)} logs"


def summary(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


contestants = {"ours": ours, "official, one process": official, "official, command line": command_line}
measures = {name: [] for name in contestants}
ours()  # the first start may build
for turn in range(turns):
    for name, run in contestants.items():
        measure, said = run()
        measures[name].append(measure)
        print(f"turn {turn + 1}, {name}: {measure[0]:.2f} s, processor {measure[1]:.2f} s, {measure[2]:.0f} MiB{said}", flush=True)
for name, rows in measures.items():
    wall, processor, peak = zip(*rows)
    print(f"{name}: {summary(wall)} s, processor {summary(processor)} s, {summary(peak)} MiB")
for name in list(contestants)[1:]:
    for kind, index in (("wall clock", 0), ("processor time", 1)):
        ratios = [b[index] / a[index] for a, b in zip(measures["ours"], measures[name])]
        print(f"{name} / ours by {kind}: {summary(ratios)}")
