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
 * @param platform value of submission_platform
 * @param status status of run_stop
 * @param runStartMillis first run_start, in milliseconds since 1970
 * @param runStopMillis first run_stop, in milliseconds since 1970
 * @param staging whole staging
 * @param globalBatchSize samples per training step over all processes; the last one logged
 * @param trainSamples samples of the training set
 * @param evalSamples samples of the validation set
 * @param nodes number_of_nodes
 * @param acceleratorsPerNode accelerators_per_node
 * @param epochs epochs begun up to run_stop, in the order of the log
 * @param evaluations quality after each evaluation up to run_stop, in the order of the log
 * @param seeds every seed
 */
public record RunResult(
        String file,
        Optional<String> benchmark,
        Optional<String> division,
        Optional<String> platform,
        Optional<String> status,
        OptionalDouble runStartMillis,
        OptionalDouble runStopMillis,
        Optional<Staging> staging,
        OptionalLong globalBatchSize,
        OptionalLong trainSamples,
        OptionalLong evalSamples,
        OptionalLong nodes,
        OptionalLong acceleratorsPerNode,
        List<Epoch> epochs,
        List<Evaluation> evaluations,
        List<Seed> seeds) {
    private static final double MILLIS_PER_MINUTE = 60_000;
    private static final double SECONDS_PER_MINUTE = 60;

    public RunResult {
        epochs = List.copyOf(epochs);
        evaluations = List.copyOf(evaluations);
        seeds = List.copyOf(seeds);
    }

    /**
     * One epoch. The times are absent where the log does not tell training and evaluation apart.
     *
     * @param number epoch_num; NaN if there is none
     * @param trainMinutes training
     * @param evalMinutes evaluation
     */
    public record Epoch(double number, OptionalDouble trainMinutes, OptionalDouble evalMinutes) {}

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

    /**
     * Whether an evaluation was as good as the published target and the run does not say otherwise of itself, as logs of v0.7
     * need not; of an unknown benchmark, what the run says.
     */
    public boolean reachedTarget() {
        Optional<Benchmark> known = benchmark.flatMap(Benchmark::named);
        boolean silent = status.filter(text -> !text.isEmpty()).isEmpty() && runStopMillis.isPresent();
        return known.isEmpty()
                ? succeeded()
                : (succeeded() || silent)
                        && evaluations.stream().anyMatch(made -> known.get().reachedBy(made.quality()));
    }

    /** Training samples seen until the target was reached; logs that count epochs from 0 mean one epoch more. */
    public OptionalDouble samplesToConverge() {
        if (!reachedTarget() || evaluations.isEmpty()) {
            return OptionalDouble.empty();
        }
        double last = evaluations.get(evaluations.size() - 1).epoch();
        if (countsSamples()) {
            return OptionalDouble.of(last);
        }
        boolean fromZero = evaluations.stream().anyMatch(evaluation -> evaluation.epoch() == 0);
        double epochs = last + (fromZero ? 1 : 0);
        return trainSamples.stream().mapToDouble(each -> epochs * each).findFirst();
    }

    private boolean countsSamples() {
        return benchmark
                .flatMap(Benchmark::named)
                .filter(Benchmark::countsSamples)
                .isPresent();
    }

    /** Minutes of training alone; absent where an epoch does not say. */
    public OptionalDouble trainMinutes() {
        return sum(epochs.stream().map(Epoch::trainMinutes).toList());
    }

    /** Minutes of evaluations; absent where an epoch does not say. */
    public OptionalDouble evalMinutes() {
        return sum(epochs.stream().map(Epoch::evalMinutes).toList());
    }

    private static OptionalDouble sum(List<OptionalDouble> minutes) {
        return minutes.isEmpty() || minutes.stream().anyMatch(OptionalDouble::isEmpty)
                ? OptionalDouble.empty()
                : OptionalDouble.of(minutes.stream()
                        .mapToDouble(OptionalDouble::getAsDouble)
                        .sum());
    }

    /** Samples until convergence by the seconds of the run without staging: evaluation and everything else included. */
    public OptionalDouble samplesPerSecond() {
        OptionalDouble samples = samplesToConverge();
        OptionalDouble minutes = minutes();
        if (samples.isEmpty() || minutes.isEmpty()) {
            return OptionalDouble.empty();
        }
        double staged = staging.filter(Staging::insideRun).map(Staging::minutes).orElse(0.0);
        return OptionalDouble.of(samples.getAsDouble() / ((minutes.getAsDouble() - staged) * SECONDS_PER_MINUTE));
    }

    /** Training samples per second of training alone, over all epochs. */
    public OptionalDouble trainSamplesPerSecond() {
        OptionalDouble minutes = trainMinutes();
        if (minutes.isEmpty() || minutes.getAsDouble() <= 0) {
            return OptionalDouble.empty();
        }
        boolean samples = benchmark
                .flatMap(Benchmark::named)
                .filter(Benchmark::countsSamples)
                .isPresent();
        OptionalDouble seen = samples
                ? samplesToConverge()
                : trainSamples.stream()
                        .mapToDouble(each -> (double) each * epochs.size())
                        .findFirst();
        return seen.isPresent()
                ? OptionalDouble.of(seen.getAsDouble() / (minutes.getAsDouble() * SECONDS_PER_MINUTE))
                : seen;
    }

    /** Accelerators of the run, or nodes where there are none. */
    public OptionalLong scale() {
        return nodes.isPresent() && acceleratorsPerNode.isPresent()
                ? OptionalLong.of(nodes.getAsLong() * Math.max(1, acceleratorsPerNode.getAsLong()))
                : OptionalLong.empty();
    }
}
