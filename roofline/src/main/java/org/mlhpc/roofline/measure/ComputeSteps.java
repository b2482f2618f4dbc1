package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Engine;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.kernels.Kernel;
import org.mlhpc.roofline.kernels.NativeKernels;

/** Multiply-adds on registers, and the engine's matrix products. */
final class ComputeSteps {
    private static final String LOOP = "plain loop";
    private static final String ENGINE = "engine";
    /** Multiply-add units of a core; no x86 core has more. */
    private static final int UNITS = 2;

    private static final double GIGA = 1e9;

    private static final int BITS_PER_BYTE = 8;
    private static final List<String> PRECISIONS = List.of("fp64", "fp32", "bf16");

    /** What the engine is asked for. */
    private record EngineWork(String label, String operation, Rate rate) {
        private static final List<EngineWork> ALL = List.of(
                new EngineWork("matrix products", "matmul", Engine::matmulFlopPerSecond),
                new EngineWork("convolutions", "convolution", Engine::convolutionFlopPerSecond));

        @FunctionalInterface
        private interface Rate {
            /** FLOP/s of each iteration. */
            double[] of(Engine engine, String precision, int threads, int iterations, int iterationMillis);
        }
    }

    private final Loops loops;
    private final Processors processors;

    private ComputeSteps(Loops loops, Processors processors) {
        this.loops = loops;
        this.processors = processors;
    }

    static List<Step> of(Loops loops, Processors processors, @Nullable Engine engine, Effort effort) {
        return new ComputeSteps(loops, processors).steps(engine, effort);
    }

    private List<Step> steps(@Nullable Engine engine, Effort effort) {
        var steps = new ArrayList<Step>();
        for (int threads : processors.steps()) {
            for (String precision : PRECISIONS) {
                steps.add(new Step(
                        Resource.COMPUTE,
                        "multiply-adds in " + precision + ", " + Step.threads(threads),
                        findings -> loop(precision, threads, findings)));
            }
        }
        for (EngineWork work : EngineWork.ALL) {
            for (int threads : processors.steps()) {
                for (String precision : PRECISIONS) {
                    steps.add(new Step(
                            Resource.COMPUTE,
                            work.label + " in " + precision + ", " + Step.threads(threads),
                            findings -> engine(engine, work, precision, threads, effort, findings)));
                }
            }
        }
        return steps;
    }

    private void loop(String precision, int threads, Findings findings) throws IOException {
        String what = "compute " + LOOP + " fma " + precision;
        boolean inC = loops.runs().isNative();
        if (precision.equals("bf16") && !inC) {
            String fix = loops.refusal().map(Loops.Refusal::fix).orElse("leave --java-loops out");
            findings.missing(what, "Java has no bf16 arithmetic", fix);
            return;
        }
        if (precision.equals("bf16") && !NativeKernels.hasBf16()) {
            findings.missing(
                    what,
                    "this processor has no AVX-512 BF16, or the compiler does not know it",
                    "if /proc/cpuinfo has avx512_bf16: put gcc 10, clang 9 or newer as cc first on the PATH");
            return;
        }
        Kernel kernel = Kernel.valueOf("FMA_" + precision.toUpperCase(Locale.ROOT));
        double[] rates = loops.clocked(threads, () -> loops.runs().flopPerSecond(kernel, threads));
        findings.add(ceiling(LOOP, "fma", precision, threads, Spread.of(rates)));
    }

    private void engine(
            @Nullable Engine engine, EngineWork work, String precision, int threads, Effort effort, Findings findings)
            throws IOException {
        String what = "compute engine " + work.operation + " " + precision;
        if (engine == null) {
            findings.missing(
                    what, "no engine is on the class path", "start the complete program: ./mlhpc roofline measure");
        } else if (!engine.fastPrecisions().contains(precision)) {
            findings.missing(
                    what,
                    "the engine has no fast " + precision
                            + " on this machine; no fix: the processor has no instructions for it",
                    "");
        } else {
            work.rate.of(engine, precision, threads, 1, effort.iterationMillis());
            double[] rates = loops.clocked(
                    threads,
                    () -> work.rate.of(engine, precision, threads, effort.iterations(), effort.iterationMillis()));
            findings.add(ceiling(ENGINE, work.operation, precision, threads, Spread.of(rates)));
        }
    }

    private MeasuredCeiling ceiling(String level, String operation, String precision, int threads, Spread rate) {
        return MeasuredCeiling.of(
                Resource.COMPUTE,
                level,
                operation,
                precision,
                threads,
                Resource.COMPUTE.unit(),
                rate,
                loops.clockHertz(threads)
                        .filter(hertz -> !usesMatrixUnits(level, precision))
                        .map(hertz -> peak(
                                hertz, NativeKernels.vectorBytes(), precision, Math.min(threads, processors.cores()))));
    }

    /** The engine's bf16 products run on matrix units (AMX) where there are any; their peak is not that of vectors. */
    private static boolean usesMatrixUnits(String level, String precision) {
        if (!level.equals(ENGINE) || !precision.equals("bf16")) {
            return false;
        }
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.anyMatch(line -> line.startsWith("flags") && line.contains(" amx_bf16"));
        } catch (IOException | UncheckedIOException e) {
            return true; // unknown: better no peak than a wrong one
        }
    }

    /** Clock x cores x units x lanes x 2, in FLOP/s. */
    static double peak(double hertz, int vectorBytes, String precision, int cores) {
        int bits = Integer.parseInt(precision.replaceAll("\\D", ""));
        return hertz * cores * UNITS * 2 * vectorBytes * BITS_PER_BYTE / bits;
    }

    /** How it is timed. */
    static String condition(Effort effort) {
        return "compute: " + effort.iterations() + " iterations of " + effort.iterationMillis()
                + " ms after warming up, the engine's of whole products and convolutions until so long, at least one; medians"
                + " and quartiles are over them";
    }

    /** What the peaks assume; empty if there are none. */
    static Optional<String> assumptions(Loops loops, Processors processors) {
        String clocks = processors.fewAndAll().stream()
                .flatMap(threads -> loops.clockHertz(threads).stream()
                        .map(hertz ->
                                String.format(Locale.ROOT, "%.2f GHz under %s", hertz / GIGA, Step.threads(threads))))
                .collect(Collectors.joining(", "));
        return clocks.isEmpty()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "compute: theoretical peaks by the clock measured by dependent products, %s; %d units of %d-bit vectors per"
                                + " core assumed, bf16 at twice the lanes of fp32, no matrix units",
                        clocks,
                        UNITS,
                        NativeKernels.vectorBytes() * BITS_PER_BYTE));
    }
}
