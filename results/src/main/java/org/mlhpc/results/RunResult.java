package org.mlhpc.results;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What one log says, of our own runs and of published ones. Absent is what the log does not say.
 *
 * @param file the log
 * @param benchmark value of submission_benchmark
 * @param division value of submission_division
 * @param status status of run_stop
 * @param runStartMillis first run_start, in milliseconds since 1970
 * @param runStopMillis first run_stop, in milliseconds since 1970
 * @param staging whole staging
 * @param globalBatchSize samples per training step over all processes; the last one logged
 * @param trainSamples samples of the training set
 * @param evalSamples samples of the validation set
 * @param nodes number_of_nodes
 * @param acceleratorsPerNode accelerators_per_node
 * @param evaluations quality after each evaluation up to run_stop, in the order of the log
 * @param seeds every seed
 */
public record RunResult(
        String file,
        Optional<String> benchmark,
        Optional<String> division,
        Optional<String> status,
        OptionalDouble runStartMillis,
        OptionalDouble runStopMillis,
        Optional<Staging> staging,
        OptionalLong globalBatchSize,
        OptionalLong trainSamples,
        OptionalLong evalSamples,
        OptionalLong nodes,
        OptionalLong acceleratorsPerNode,
        List<Evaluation> evaluations,
        List<Seed> seeds) {
    private static final double MILLIS_PER_MINUTE = 60_000;

    public RunResult {
        evaluations = List.copyOf(evaluations);
        seeds = List.copyOf(seeds);
    }

    /**
     * One evaluation.
     *
     * @param epoch epoch_num of its metadata: epochs, or samples in OpenFold
     * @param quality value of eval_error or eval_accuracy
     */
    public record Evaluation(double epoch, double quality) {}

    /**
     * The first staging interval.
     *
     * @param minutes its length
     * @param insideRun whether it began after run_start, so that it is part of the time to train
     */
    public record Staging(double minutes, boolean insideRun) {}

    /** A seed event; {@code value} is empty if it is no integer. */
    public record Seed(long line, String sourceFile, long sourceLine, OptionalLong value) {}

    /** Whether the run says of itself that it reached its target. */
    public boolean succeeded() {
        return status.filter("success"::equals).isPresent();
    }

    /** Minutes from run_start to run_stop. */
    public OptionalDouble minutes() {
        return runStartMillis.isPresent() && runStopMillis.isPresent()
                ? OptionalDouble.of((runStopMillis.getAsDouble() - runStartMillis.getAsDouble()) / MILLIS_PER_MINUTE)
                : OptionalDouble.empty();
    }

    /** Epochs (samples in OpenFold) at the last evaluation of a successful run. */
    public OptionalDouble epochsToConverge() {
        return succeeded() && !evaluations.isEmpty()
                ? OptionalDouble.of(evaluations.get(evaluations.size() - 1).epoch())
                : OptionalDouble.empty();
    }

    /** Accelerators of the run, or nodes where there are none. */
    public OptionalLong scale() {
        return nodes.isPresent() && acceleratorsPerNode.isPresent()
                ? OptionalLong.of(nodes.getAsLong() * Math.max(1, acceleratorsPerNode.getAsLong()))
                : OptionalLong.empty();
    }
}
