"""Records what the official compliance checker says about the mutants of org.mlhpc.rules.Mutants.

Usage: record_verdicts.py CHECKOUT MUTANTS OUT RULESET...
CHECKOUT is a checkout of mlcommons/logging (rulesets 1.0.0 to 3.0.0), or of mlperf-hpc/logging (branch hpc-0.5.0 for
0.5.0-strict, hpc-0.5.0-workaround1 for 0.5.0). MUTANTS is the folder that Mutants.main has written. OUT is official-verdicts.txt, or
official-verdicts-published.txt for mutants of published logs.
Appends to OUT one line for each model log: its name, and one letter for each mutant: P passed, F failed, C crashed.
"""

import contextlib
import functools
import io
import logging
import os
import sys
import tempfile

import yaml

checkout, mutants, out, *rulesets = sys.argv[1:]
sys.path.insert(0, checkout)
from mlperf_logging.compliance_checker import mlp_compliance  # noqa: E402

logging.disable(logging.CRITICAL)


@functools.lru_cache(maxsize=None)
def rules(text):
    return yaml.load(text, Loader=yaml.BaseLoader)


class CachedYaml:
    BaseLoader = yaml.BaseLoader

    @staticmethod
    def load(stream, Loader):
        return rules(stream.read())


mlp_compliance.yaml = CachedYaml


def checker(ruleset):
    if ruleset.startswith("0.5.0"):
        return mlp_compliance.make_checker("hpc_0.5.0", False, False), "hpc_0.5.0/common.yaml"
    return mlp_compliance.make_checker("hpc", ruleset, False, False), f"hpc_{ruleset}/common.yaml"


def verdict(ruleset, log):
    mlp_compliance.enqueued_configs.clear()
    with open(log_file, "w", encoding="latin-1", newline="") as file:
        file.write(log)
    official, config = checker(ruleset)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return "P" if official.check_file(log_file, config) else "F"
    except Exception:
        return "C"


with tempfile.TemporaryDirectory() as folder, open(out, "a", encoding="ascii") as result:
    log_file = os.path.join(folder, "log")
    for name in sorted(os.listdir(mutants)):
        if name.split("_")[0] not in rulesets:
            continue
        with open(os.path.join(mutants, name), encoding="latin-1", newline="") as file:
            logs = file.read().split("\n\f\n")[:-1]
        result.write(name.replace("_", " ") + ": " + "".join(verdict(name.split("_")[0], log) for log in logs) + "\n")
