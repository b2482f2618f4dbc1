#!/usr/bin/env python3
"""Compares the ceilings of ./mlhpc roofline measure with C programs, likwid-bench and fio, taking turns in rounds.

Usage: compare.py memory|fma|storage|network [--rounds N] [--path DIR] [--ranks N] [--java-loops] [--quick]

Each line is one ceiling: our rate by the best of the others in the same round, as median and quartiles over rounds; median by
median, the best of the others being the one whose median is best, since the best of several in a single round owes something to
chance; and best round by best round, since others on a shared host can halve the bandwidth for minutes. For the network it is our
seconds by theirs, in C and through the Java bindings. Programs that are missing take no part and are named. Needs
gcc; mpicc for the network; fio for storage; likwid-bench where there is one. MLHPC names another launcher than the one beside.
Other work on the machine widens the quartiles: compare on a quiet one.
"""
import argparse
import ctypes.util
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

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


def rate(machine):
    return machine["ceilings"][0]["rate"]["median"]


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


def record(rows, name, own, others, best):
    rows.setdefault(name, []).append((own, others, best))
    print(f"round {len(rows[name])}, {name}: {own / best(others):.3f}", file=sys.stderr, flush=True)


def report(rows):
    print(f"{'ceiling':40} {'ratio':>8} {'lower':>8} {'upper':>8} {'medians':>8} {'best':>8}  ours (last)  others (last)")
    for name, rounds in rows.items():
        ratios = [own / best(others) for own, others, best in rounds]
        quartiles = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
        own, others, _ = rounds[-1]
        best = rounds[0][2]
        ceiling = best({i: each[0] for i, each in enumerate(rounds)}) / best({i: each[2](each[1]) for i, each in enumerate(rounds)})
        medians = {label: statistics.median(each[1][label] for each in rounds) for label in others}
        typical = statistics.median(each[0] for each in rounds) / best(medians)
        shown = ", ".join(f"{label} {value:.4g}" for label, value in others.items())
        print(f"{name:40} {quartiles[1]:8.3f} {quartiles[0]:8.3f} {quartiles[2]:8.3f} {typical:8.3f} {ceiling:8.3f}  {own:.4g}  {shown}")


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
    for _ in range(arguments.rounds):
        for threads in sorted({1, os.cpu_count()}):
            for operation in ("copy", "triad"):
                name = f"DRAM {operation}, {threads} thread" + ("" if threads == 1 else "s")
                own = rate(ours(arguments, "--only", "memory", "--steps", f"^{name}$"))
                others = {f"C {label}": value
                          for label, value in pairs(run([stream, STREAM_ELEMENTS, 15], OMP_NUM_THREADS=threads,
                                                        OMP_PROC_BIND="true")).items() if label.startswith(operation)}
                others |= likwid(kernels[operation], "402MB", threads, "MByte/s")
                record(rows, name, own, others, highest)


def fma(arguments, folder, rows):
    program = build("fma", folder, "gcc", "-fopenmp")
    kernels = {"fp64": [f"peakflops_{vectors()}_fma"], "fp32": [f"peakflops_sp_{vectors()}_fma"]}
    for _ in range(arguments.rounds):
        for threads in sorted({1, os.cpu_count()}):
            for precision in ("fp64", "fp32"):
                name = f"multiply-adds in {precision}, {threads} thread" + ("" if threads == 1 else "s")
                own = rate(ours(arguments, "--only", "compute", "--steps", f"^{name}$"))
                others = {"C": pairs(run([program, 15], OMP_NUM_THREADS=threads, OMP_PROC_BIND="true"))[precision]}
                others |= likwid(kernels[precision], f"{24 * threads}kB", threads, "MFlops/s")
                record(rows, name, own, others, highest)


def storage(arguments, folder, rows):
    del folder
    size = 256 if arguments.quick else 1024
    with tempfile.TemporaryDirectory(dir=arguments.path, prefix="mlhpc-compare") as place:
        for _ in range(arguments.rounds):
            for level in ("direct", "cached"):
                for kind, write in (("sequential", False), ("random", False), ("sequential", True), ("random", True)):
                    for jobs in (1, 4) if level == "direct" else (1,):
                        operation = f"{kind} {'write' if write else 'read'}"
                        name = f"{level} {operation}, {jobs} thread" + ("" if jobs == 1 else "s")
                        own = rate(ours(arguments, "--only", "storage", "--path", place, "--steps", f"^{name}$"))
                        theirs = fio(place, size, level, kind, write, jobs)
                        record(rows, name, own, {"fio": theirs}, highest)


def large_pages():
    """The environment in which the launcher's allocator gives large pages to ours."""
    library = ctypes.util.find_library("jemalloc")
    return {"LD_PRELOAD": library, "MALLOC_CONF": "thp:always"} if library else {}


def fio(place, size, level, kind, write, jobs):
    """Bytes per second of fio's psync jobs on one file, each in its own part, as ours."""
    file = pathlib.Path(place) / "fio.tmp"
    if not file.exists():
        run(["fio", "--name=fill", f"--filename={file}", f"--size={size}m", "--rw=write", "--bs=1m", "--end_fsync=1",
             "--refill_buffers"])
    if level == "cached":
        file.read_bytes()
    words = ["--rw=" + ("rand" if kind == "random" else "") + ("write" if write else "read")]
    words += ["--bs=" + ("4k" if kind == "random" else "1m"), f"--direct={int(level == 'direct')}", f"--numjobs={jobs}"]
    words += [f"--size={size // jobs}m", f"--offset_increment={size // jobs}m", "--ramp_time=250ms", "--runtime=2250ms"]
    # Without the next line fio drops the cached pages first, and keeps a map of the blocks it has touched.
    words += ["--invalidate=0", "--norandommap", "--time_based", "--group_reporting", "--output-format=json"]
    # Latencies cost time with short requests. Buffers in large pages, as the launcher's allocator gives them to ours: a direct
    # request of 1 MiB in small pages is too scattered for many devices, and is cut.
    words += ["--gtod_reduce=1", "--iomem_align=2m"]
    text = run(["fio", "--name=compare", f"--filename={file}", "--ioengine=psync", *words], **large_pages())
    job = json.loads(text[text.index("{"):])["jobs"][0]
    return job["write" if write else "read"]["bw_bytes"]


def network(arguments, folder, rows):
    program = build("ranks", folder, "mpicc")
    largest, batches = (1 << 22, 3) if arguments.quick else (1 << 26, 9)
    root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
    for _ in range(arguments.rounds):
        own = ours(arguments, "--ranks", str(arguments.ranks))
        text = run(["mpirun", *root, "--oversubscribe", "--map-by", "slot:PE=1", "--bind-to", "core", "-n", arguments.ranks,
                    program, largest, batches], **large_pages())
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
    needed = {"memory": ["gcc"], "fma": ["gcc"], "storage": ["fio"], "network": ["mpicc", "mpirun"]}[arguments.what]
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
