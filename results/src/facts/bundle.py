#!/usr/bin/env python3
"""Writes the table of published results that the module bundles.

    bundle.py FACTS PUBLISHED > results/src/main/resources/org/mlhpc/results/entry/published-results.csv

FACTS has mlperf-hpc-results.csv, mlperf-hpc-results-extra.csv and mlperf-hpc-runs.csv: one row per published score, and one
per log with the verdict of the official checker. PUBLISHED has the logs of rounds as vX.Y.tar.xz; of them come the epochs
of each run and the time in evaluations. This is a reader of its own, so that the suite's readers can be tested against its
output. Empty is what is not known.
"""
import csv
import json
import pathlib
import sys
import tarfile

COLUMNS = """round division submitter system nodes accelerators accelerator processor framework benchmark metric score factor
runs failing models minutes_for_all batch train_samples eval_samples epochs staging_minutes staging_inside mean_minutes
sd_minutes samples_per_s train_samples_per_s eval_minutes run_minutes run_epochs""".split()


def table(facts, name):
    with open(facts / name, newline="") as file:
        return list(csv.DictReader(file))


def key(row):
    return row["round"], row["path-in-repo"]


def events(text):
    for line in text.decode("latin-1").splitlines():
        token = line.rfind(":::MLLOG ")
        if token >= 0:
            try:
                event = json.loads(line[token + len(":::MLLOG "):])
            except ValueError:
                continue
            yield event["key"], float(event["time_ms"]), event["metadata"] or {}


def epochs_and_evaluation(text):
    """Epochs to converge and minutes in evaluations of a log, up to its run_stop."""
    epochs, evaluating, began, stopped = [], 0.0, None, False
    for name, millis, metadata in events(text):
        if name == "run_stop":
            stopped = True
        elif stopped:
            continue
        elif name in ("eval_error", "eval_accuracy"):
            epochs.append(metadata["epoch_num"])
        elif name == "eval_start":
            began = millis
        elif name == "eval_stop" and began is not None:
            evaluating += millis - began
            began = None
    return epochs[-1] + (1 if min(epochs) == 0 else 0), evaluating / 60000


def logs(published, wanted):
    """What the wanted logs say, by round and path."""
    found = {}
    for archive in sorted(published.glob("v*.tar.xz")):
        version = archive.name[1:-len(".tar.xz")]
        with tarfile.open(archive) as tar:
            for member in tar:
                path = member.name.removeprefix("./").removeprefix("v" + version + "/")
                if (version, path) in wanted:
                    found[version, path] = epochs_and_evaluation(tar.extractfile(member).read())
    return found


def mean(values):
    return f"{sum(values) / len(values):.6g}" if values else ""


def main(facts, published):
    extra = {key(row): row for row in table(facts, "mlperf-hpc-results-extra.csv")}
    counted = {}
    for run in table(facts, "mlperf-hpc-runs.csv"):
        if run["pruned"] == "0" and run["official_checker"] == "pass":
            folder = run["file"].rsplit("/", 1)[0]
            counted.setdefault((run["round"], folder), []).append(run)
    said = logs(published, {(run["round"], run["file"]) for runs in counted.values() for run in runs})
    out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    out.writeheader()
    for row in table(facts, "mlperf-hpc-results.csv"):
        more, runs = extra[key(row)], counted.get(key(row), [])
        own = [said[run["round"], run["file"]] for run in runs]
        single = row["metric"] == "time_to_train"
        openfold = row["benchmark"] == "openfold"
        inside = {"in_run": "true", "before_run": "false"}.get(more["staging_position"], "")
        epochs = float(more["train_samples_to_converge_mean"]) / (1 if openfold else float(more["train_samples"]))
        out.writerow({
            "round": row["round"], "division": row["division"], "submitter": row["submitter"], "system": row["system"],
            "nodes": row["nodes"], "accelerators": row["accelerators"],
            "accelerator": "" if row["accelerators"] == "0" else more["accelerator_model"],
            "processor": more["host_processor"], "framework": more["framework"],
            "benchmark": row["benchmark"], "metric": row["metric"],
            "score": row["score_minutes_or_models_per_min"], "factor": more["scaling_factor"],
            "runs": more["n_passing_official_checker"], "failing": more["n_failing"],
            "models": more["models_M_prime"], "minutes_for_all": more["time_to_train_all_minutes"],
            "batch": row["global_batch_size"], "train_samples": more["train_samples"],
            "eval_samples": more["eval_samples"], "epochs": f"{epochs:.7g}",
            "staging_minutes": row["staging_minutes(mean)"], "staging_inside": inside,
            "mean_minutes": more["run_minutes_mean"], "sd_minutes": more["run_minutes_stdev_pop"],
            "samples_per_s": row["samples_per_second"], "train_samples_per_s": more["train_only_samples_per_second_mean"],
            "eval_minutes": mean([minutes for _, minutes in own]),
            "run_minutes": " ".join(run["run_minutes"] for run in runs) if single else "",
            "run_epochs": " ".join(f"{epochs:g}" for epochs, _ in own) if single else "",
        })


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:3]))
