#!/usr/bin/env python3
"""Measures what --profile costs training: runs of CosmoFlow with and without it, taking turns in rounds.

Usage: profile_cost.py [--rounds N] [--samples N] [--epochs N] [-- OPTIONS OF RUN]

Every other round the one with --profile goes first. What is compared is the time that training an epoch takes (train_seconds of
run.json, which both runs have): of each run the median of all epochs but the first, in which code is compiled. The ratio of both
is by round, as median and quartiles over rounds. What --profile does before the first epoch and after the last is not in it. MLHPC
names another launcher than the one beside. Other work on the machine widens the quartiles: measure on a quiet one.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MLHPC = os.environ.get("MLHPC", HERE.parents[1] / "mlhpc")
TARGET_MISSED = 1


def train(arguments, folder, *options):
    """Seconds of the epochs but the first, and the share of the time that counting took, if the run was profiled."""
    settings = {"gen_train_samples": arguments.samples, "gen_validation_samples": 8, "max_epochs": arguments.epochs,
                "target_mae": 1e-6}
    command = [MLHPC, "run", "cosmoflow", "--out", folder, *options, *arguments.options]
    command += [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != TARGET_MISSED:
        sys.exit(f"profile_cost.py: {' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()}")
    record = json.loads((pathlib.Path(folder) / "run.json").read_text())
    share = record["profile"]["counting_share"] if record.get("profile") else None
    return [epoch["train_seconds"] for epoch in record["epochs"][1:]], share


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3


def report(rounds):
    print(f"{'epoch':16} {'median':>9} {'lower':>9} {'upper':>9}  (quartiles over {len(rounds)} rounds)")
    columns = {"plain, s": [each["plain"] for each in rounds], "profiled, s": [each["profiled"] for each in rounds],
               "ratio": [each["profiled"] / each["plain"] for each in rounds],
               "counting, share": [each["share"] for each in rounds]}
    for name, values in columns.items():
        lower, median, upper = quartiles(values)
        print(f"{name:16} {median:9.4g} {lower:9.4g} {upper:9.4g}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--samples", type=int, default=512)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("options", nargs="*", metavar="OPTION", help="further options of run, after --")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.epochs < 2:
        parser.error("needs a round, and two epochs")
    rounds = []
    with tempfile.TemporaryDirectory(prefix="mlhpc-profile-cost") as folder:
        try:
            for i in range(arguments.rounds):
                seen = {}
                for name in ("plain", "profiled") if i % 2 == 0 else ("profiled", "plain"):
                    options = ["--profile"] if name == "profiled" else []
                    seconds, share = train(arguments, f"{folder}/{name}{i}", *options)
                    seen[name] = statistics.median(seconds)
                    seen |= {"share": share} if name == "profiled" else {}
                rounds.append(seen)
                print(f"round {i + 1}: {seen['profiled'] / seen['plain']:.4f}", file=sys.stderr, flush=True)
        finally:
            if rounds:
                report(rounds)


if __name__ == "__main__":
    main()
