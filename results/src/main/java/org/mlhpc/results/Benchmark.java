package org.mlhpc.results;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The published benchmarks, and what reading their results needs to know (hpc_training_rules.adoc; docs/metrics.md). */
public enum Benchmark {
    COSMOFLOW("cosmoflow", true, 0.124, 10, false),
    DEEPCAM("deepcam", false, 0.82, 5, false),
    OC20("oc20", true, 0.036, 5, false),
    OPENFOLD("openfold", false, 0.8, 10, true);

    private final String label;
    private final boolean atMost;
    private final double target;
    private final int runs;
    private final boolean countsSamples;

    Benchmark(String label, boolean atMost, double target, int runs, boolean countsSamples) {
        this.label = label;
        this.atMost = atMost;
        this.target = target;
        this.runs = runs;
        this.countsSamples = countsSamples;
    }

    /** The benchmark that logs call {@code label}. */
    public static Optional<Benchmark> named(String label) {
        return Arrays.stream(values())
                .filter(benchmark -> benchmark.label.equals(label))
                .findFirst();
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(Benchmark::label).collect(Collectors.joining(", "));
    }

    /** Its name in logs and folders. */
    public String label() {
        return label;
    }

    /** Whether {@code quality} is as good as the target. */
    public boolean reachedBy(double quality) {
        return atMost ? quality <= target : quality >= target;
    }

    /** Runs that a time to train needs; also the fewest models of a throughput. */
    public int runs() {
        return runs;
    }

    /** Whether epoch_num in its logs is a number of samples. */
    public boolean countsSamples() {
        return countsSamples;
    }
}
