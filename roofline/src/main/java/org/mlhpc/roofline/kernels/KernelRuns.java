package org.mlhpc.roofline.kernels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs loops under JMH, each in a JVM of its own.
 *
 * @param library of native loops; null to run the Java loops
 * @param iterations timed, after warming up
 * @param iterationMillis length of each
 */
public record KernelRuns(@Nullable Path library, int iterations, int iterationMillis) {
    /** Long against the call, short against an iteration. */
    private static final double ELEMENTS_PER_CALL = 1 << 18;

    private static final long FMA_REPEATS = 20_000;
    private static final int FIRST_JDK_THAT_ASKS_FOR_NATIVE = 22;
    /** JMH finds fields through Unsafe. */
    private static final int FIRST_JDK_THAT_ASKS_FOR_UNSAFE = 24;

    static {
        // The lock is one file for all users of the node, and would make a second measurement fail instead of wait.
        System.setProperty("jmh.ignoreLock", "true");
    }

    /** Runs the loops in C. */
    public boolean isNative() {
        return library != null;
    }

    /** Bytes per second that all threads together move in each iteration. */
    public double[] bytesPerSecond(Kernel kernel, long bytesPerThread, int threads) throws IOException {
        long elements = elements(kernel, bytesPerThread);
        long repeats = (long) Math.max(1, ELEMENTS_PER_CALL / elements);
        return run(kernel, elements, repeats, threads, (double) kernel.bytesPerElement() * elements * repeats);
    }

    /** Elements of each array if all arrays together have so many bytes: whole turns of the unrolled loops. */
    long elements(Kernel kernel, long bytesPerThread) {
        long elements = bytesPerThread / kernel.bytesPerElement() / 64 * 64;
        if (elements == 0 || (!isNative() && elements > Integer.MAX_VALUE - 64)) {
            throw new IllegalArgumentException("no array can have " + bytesPerThread + " bytes");
        }
        return elements;
    }

    /** FLOP per second that all threads together do in each iteration. */
    public double[] flopPerSecond(Kernel kernel, int threads) throws IOException {
        double flopPerPass =
                isNative() ? NativeKernels.flopPerPass(kernel) : 2.0 * JavaLoops.ACCUMULATORS * JavaLoops.CHAIN;
        long repeats = isNative() ? FMA_REPEATS : FMA_REPEATS / JavaLoops.CHAIN;
        return run(kernel, 1, repeats, threads, flopPerPass * repeats);
    }

    private double[] run(Kernel kernel, long elements, long repeats, int threads, double workPerCall)
            throws IOException {
        var options = new OptionsBuilder()
                .include("^" + (isNative() ? NativeLoops.class : JavaLoops.class).getName() + ".pass$")
                .param("kernel", kernel.name())
                .param("elements", String.valueOf(elements))
                .param("repeats", String.valueOf(repeats))
                .mode(Mode.Throughput)
                .threads(threads)
                .forks(1)
                .warmupIterations(isNative() ? 1 : 3)
                .warmupTime(TimeValue.milliseconds(iterationMillis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(iterationMillis))
                .jvmArgs(jvmArguments().toArray(new String[0]))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            return rates(new Runner(options).run().iterator().next(), workPerCall);
        } catch (RunnerException e) {
            throw new IOException("JMH could not time " + kernel + ": " + e.getMessage(), e);
        }
    }

    private List<String> jvmArguments() {
        var arguments =
                new ArrayList<>(List.of("-XX:+UseParallelGC", "-XX:+UseTransparentHugePages", "-XX:-UsePerfData"));
        Optional.ofNullable(library)
                .ifPresent(file -> arguments.add("-D" + NativeKernels.LIBRARY + "=" + file.toAbsolutePath()));
        if (Runtime.version().feature() >= FIRST_JDK_THAT_ASKS_FOR_NATIVE) {
            arguments.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= FIRST_JDK_THAT_ASKS_FOR_UNSAFE) {
            arguments.add("--sun-misc-unsafe-memory-access=allow");
        }
        return arguments;
    }

    private static double[] rates(RunResult result, double workPerCall) {
        BenchmarkResult fork = result.getBenchmarkResults().iterator().next();
        return fork.getIterationResults().stream()
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore() * workPerCall)
                .toArray();
    }
}
