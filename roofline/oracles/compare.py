#!/usr/bin/env python3
"""Compares the ceilings of ./mlhpc roofline measure with C programs, likwid-bench and fio, taking turns in rounds.

Usage: compare.py memory|fma|storage|network [--rounds N] [--path DIR] [--ranks N] [--java-loops] [--quick]

Each line is one ceiling: our rate by the best of the others in the same round, as median and quartiles over rounds; median by
median, the best of the others being the one whose median is best, since the best of several in a single round owes something to
chance; and best round by best round, since others on a shared host can halve the bandwidth for minutes. The end of the line has
the ratio to each of the others, median by median. For the network it is our seconds by theirs, in C and through the Java bindings. Programs that are missing take no part and are named. Needs
gcc; mpicc for the network; fio for storage; likwid-bench where there is one. MLHPC names another launcher than the one beside.
Other work on the machine widens the quartiles: compare on a quiet one.
"""
import argparse
import json
import os
import pathlib
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MLHPC = os.environ.get("MLHPC", HERE.parents[1] / "mlhpc")
STREAM_ELEMENTS = 1 << 24


def run(command, **environment):
    """Standard output; ends the program with what a failing command said."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          env={**os.environ, **{name: str(value) for name, value in environment.items()}})
    if done.returncode != 0:
        sys.exit(f"compare.py: {' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def build(name, folder, compiler="gcc", *options):
    program = pathlib.Path(folder) / name
    run([compiler, "-O3", "-march=native", *options, HERE / f"{name}.c", "-o", program])
    return program


def ours(arguments, *words):
    further = (["--quick"] if arguments.quick else []) + (["--java-loops"] if arguments.java_loops else [])
    return json.loads(run([MLHPC, "roofline", "measure", "--format", "json", *further, *words]))


def step(arguments, resource, name, *words):
    """Our rate of one step of that name."""
    machine = ours(arguments, "--only", resource, "--steps", f"^{name}$", *words)
    return machine["ceilings"][0]["rate"]["median"]


def counted(threads):
    return f"{threads} thread" + ("" if threads == 1 else "s")


def pairs(text):
    return {words[0]: float(words[1]) for words in map(str.split, text.splitlines())}


def likwid(kernels, size, threads, unit):
    """Rates of those kernels that this processor can run; unit is MByte/s or MFlops/s."""
    rates = {}
    if shutil.which("likwid-bench") is None:
        return rates
    for kernel in kernels:
        done = subprocess.run(["likwid-bench", "-t", kernel, "-w", f"S0:{size}:{threads}"],
                              capture_output=True, text=True)
        for line in done.stdout.splitlines():
            if line.startswith(unit) and done.returncode == 0:
                rates[f"likwid {kernel}"] = float(line.split()[-1]) * 1e6
    return rates


def take_turns(number, own, others):
    """Results of both; who goes first changes with the round, since a device can be faster after a rest."""
    if number % 2:
        theirs = others()
        return own(), theirs
    return own(), others()


def record(rows, name, own, others, best):
    rows.setdefault(name, []).append((own, others, best))
    print(f"round {len(rows[name])}, {name}: {own / best(others):.3f}", file=sys.stderr, flush=True)


def report(rows):
    print(f"{'ceiling':40} {'ratio':>8} {'lower':>8} {'upper':>8} {'medians':>8} {'best':>8}  ours      by each of the others")
    for name, rounds in rows.items():
        ratios = [own / best(others) for own, others, best in rounds]
        quartiles = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
        others, best = rounds[-1][1:]
        ceiling = best({i: each[0] for i, each in enumerate(rounds)}) / best({i: each[2](each[1]) for i, each in enumerate(rounds)})
        medians = {label: statistics.median(each[1][label] for each in rounds) for label in others}
        own = statistics.median(each[0] for each in rounds)
        typical = own / best(medians)
        shown = ", ".join(f"{label} {own / value:.3f}" for label, value in medians.items())
        print(f"{name:40} {quartiles[1]:8.3f} {quartiles[0]:8.3f} {quartiles[2]:8.3f} {typical:8.3f} {ceiling:8.3f}  {own:.3e} {shown}")


def highest(others):
    return max(others.values())


def lowest(others):
    return min(others.values())


def vectors():
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    return "avx512" if "avx512f" in flags else "avx"


def memory(arguments, folder, rows):
    stream = build("stream", folder, "gcc", "-fopenmp")
    width = vectors()
    kernels = {"copy": [f"copy_mem_{width}", f"copy_{width}", "copy_mem_avx"],
               "triad": [f"stream_mem_{width}", f"stream_{width}_fma", "stream_mem_avx_fma"]}

    def others(operation, threads):
        text = run([stream, STREAM_ELEMENTS, 15], OMP_NUM_THREADS=threads, OMP_PROC_BIND="true", **allocator())
        rates = {f"C {label}": value for label, value in pairs(text).items() if label.startswith(operation)}
        return rates | likwid(kernels[operation], "402MB", threads, "MByte/s")

    for number in range(arguments.rounds):
        for threads in sorted({1, os.cpu_count()}):
            for operation in ("copy", "triad"):
                name = f"DRAM {operation}, " + counted(threads)
                record(rows, name, *take_turns(number, lambda: step(arguments, "memory", name),
                                               lambda: others(operation, threads)), highest)


def fma(arguments, folder, rows):
    program = build("fma", folder, "gcc", "-fopenmp")
    kernels = {"fp64": [f"peakflops_{vectors()}_fma"], "fp32": [f"peakflops_sp_{vectors()}_fma"]}

    def others(precision, threads):
        rates = pairs(run([program, 15], OMP_NUM_THREADS=threads, OMP_PROC_BIND="true"))
        return {"C": rates[precision]} | likwid(kernels[precision], f"{24 * threads}kB", threads, "MFlops/s")

    for number in range(arguments.rounds):
        for threads in sorted({1, os.cpu_count()}):
            for precision in ("fp64", "fp32"):
                name = f"multiply-adds in {precision}, " + counted(threads)
                record(rows, name, *take_turns(number, lambda: step(arguments, "compute", name),
                                               lambda: others(precision, threads)), highest)


def storage(arguments, folder, rows):
    requests = build("requests", folder)
    size = 256 if arguments.quick else 1024
    with tempfile.TemporaryDirectory(dir=arguments.path, prefix="mlhpc-compare") as place:
        def own(name):
            settle()
            return step(arguments, "storage", name, "--path", place)

        def others(level, kind, operation, jobs):
            rates = {}
            for label, program in (("fio", fio), ("C", lambda *words: in_c(requests, *words))):
                # A new one, as ours: where a disk keeps what is overwritten somewhere else, files age.
                file = pathlib.Path(place) / "file"
                fill(file, size)
                settle()
                if level == "cached":
                    file.read_bytes()
                rates[label] = program(file, size, level, kind, operation, jobs)
                file.unlink()
            return rates

        for number in range(arguments.rounds):
            for level, kind, operation, jobs in requests_of_ours():
                name = f"{level} {kind} {operation}, " + counted(jobs)
                record(rows, name, *take_turns(number, lambda: own(name),
                                               lambda: others(level, kind, operation, jobs)), highest)


def requests_of_ours():
    for level in ("direct", "cached"):
        for operation in ("read", "write"):
            for kind in ("sequential", "random"):
                for jobs in (1, 4) if level == "direct" else (1,):
                    yield level, kind, operation, jobs


def fill(file, size):
    run(["fio", "--name=fill", f"--filename={file}", f"--size={size}m", "--rw=write", "--bs=1m", "--end_fsync=1",
         "--refill_buffers"])


def settle():
    """What was written or removed before is on the device."""
    os.sync()
    time.sleep(1)


def in_c(program, file, size, *words):
    return float(run([program, file, size, *words]))


def allocator():
    """The environment of the launcher's allocator, as ours has it: large pages, and kept for the next large block."""
    script = f". {shlex.quote(str(HERE.parents[1] / 'harness/launcher/allocator.sh'))}; is_bundle() {{ false; }}; " \
             "choose_allocator; allocator_environment"
    return dict(line.split("=", 1) for line in run(["bash", "-c", script]).splitlines())


def fio(file, size, level, kind, operation, jobs):
    """Bytes per second of fio's psync jobs on one file, each in its own part, as ours."""
    words = ["--rw=" + ("rand" if kind == "random" else "") + operation]
    words += ["--bs=" + ("4k" if kind == "random" else "1m"), f"--direct={int(level == 'direct')}", f"--numjobs={jobs}"]
    words += [f"--size={size // jobs}m", f"--offset_increment={size // jobs}m", "--ramp_time=250ms", "--runtime=2250ms"]
    # Without the next line fio drops the cached pages first, and keeps a map of the blocks it has touched.
    words += ["--invalidate=0", "--norandommap", "--time_based", "--group_reporting", "--output-format=json"]
    # Without this it changes each buffer before it is written.
    words += ["--scramble_buffers=0"]
    # Latencies cost time with short requests. Buffers in large pages, as the launcher's allocator gives them to ours: a direct
    # request of 1 MiB in small pages is too scattered for many devices, and is cut.
    words += ["--gtod_reduce=1", "--iomem_align=2m"]
    text = run(["fio", "--name=compare", f"--filename={file}", "--ioengine=psync", *words], **allocator())
    job = json.loads(text[text.index("{"):])["jobs"][0]
    return job[operation]["bw_bytes"]


def network(arguments, folder, rows):
    program = build("ranks", folder, "mpicc", "-pthread")
    largest, batches = (1 << 22, 3) if arguments.quick else (1 << 26, 9)
    root = ["--allow-run-as-root"] if os.geteuid() == 0 else []

    def others():
        return run(["mpirun", *root, "--oversubscribe", "--map-by", "slot:PE=1", "--bind-to", "core", "-n", arguments.ranks,
                    program, largest, batches], **allocator())

    for number in range(arguments.rounds):
        own, text = take_turns(number, lambda: ours(arguments, "--ranks", str(arguments.ranks)), others)
        theirs = {(words[0], int(words[1])): float(words[2]) for words in map(str.split, text.splitlines())}
        for through, row in [("C", row) for row in own["collectives_in_c"]] + [("Java", row) for row in own["collectives"]]:
            seconds = theirs.get((row["operation"], row["bytes"]))
            if seconds:
                name = f"{row['operation']} in {through}, {row['bytes']} bytes"
                record(rows, name, row["seconds"]["median"], {"C": seconds}, lowest)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["memory", "fma", "storage", "network"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--path", default=".")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--java-loops", action="store_true")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    needed = {"memory": ["gcc"], "fma": ["gcc"], "storage": ["gcc", "fio"], "network": ["mpicc", "mpirun"]}[arguments.what]
    for program in needed:
        if shutil.which(program) is None:
            sys.exit(f"compare.py: {program} is missing")
    if arguments.what in ("memory", "fma") and shutil.which("likwid-bench") is None:
        print("likwid-bench is missing and takes no part", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="mlhpc-compare") as folder:
        rows = {}
        # Told to end, it reports the rounds there are.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        try:
            {"memory": memory, "fma": fma, "storage": storage, "network": network}[arguments.what](arguments, folder, rows)
        finally:
            report(rows)


if __name__ == "__main__":
    main()
