package org.mlhpc.results.entry;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mlhpc.results.statistics.Sample;
import org.mlhpc.results.tree.Metric;

/**
 * The result of one system in one benchmark: what a row of published results tells. Absent is what is not known.
 *
 * @param files what it was read from; none for a bundled row
 */
public record Entry(Label label, Machine machine, Task task, Measured measured, List<Path> files) {
    public Entry {
        files = List.copyOf(files);
    }

    /**
     * Whose result it is.
     *
     * @param round such as 2.0; empty for runs that belong to none
     * @param division closed or open; empty if not known
     * @param reviewed whether MLCommons has published it
     */
    public record Label(Optional<String> round, String division, String submitter, String system, boolean reviewed) {}

    /**
     * Where it ran; empty text is what is not known.
     *
     * @param accelerators of all nodes together; 0 for a system without
     */
    public record Machine(
            OptionalLong nodes, OptionalLong accelerators, String accelerator, String processor, String framework) {
        /** Accelerators, or nodes of a system without. */
        public OptionalLong scale() {
            return accelerators.isPresent() && accelerators.getAsLong() > 0 ? accelerators : nodes;
        }

        /** The model of what {@link #scale()} counts. */
        public String model() {
            return accelerators.orElse(0) > 0 ? accelerator : processor;
        }
    }

    /**
     * What was trained.
     *
     * @param batch samples per training step over all processes
     */
    public record Task(
            String benchmark, Metric metric, OptionalLong batch, OptionalLong trainSamples, OptionalLong evalSamples) {}

    /**
     * What came out. Times are minutes of one run, without the factor of a review.
     *
     * @param score minutes, or models per minute, by the official rule with the factor
     * @param factor of scaling.json; 1 without it
     * @param failing runs that missed the target or whose logs are broken
     * @param models counted in a throughput
     * @param minutes from run_start to run_stop of the runs that count
     * @param samples seen in training until convergence
     * @param samplesPerSecond samples until convergence by the time of a run without its staging
     * @param trainSamplesPerSecond of training alone
     * @param staging mean of the logged staging times
     * @param trainMinutes mean over runs of training alone
     * @param evalMinutes mean over runs of evaluation
     */
    public record Measured(
            OptionalDouble score,
            double factor,
            int failing,
            OptionalInt models,
            Optional<Sample> minutes,
            Optional<Sample> samples,
            Optional<Sample> samplesPerSecond,
            Optional<Sample> trainSamplesPerSecond,
            Optional<Staging> staging,
            OptionalDouble trainMinutes,
            OptionalDouble evalMinutes) {}

    /**
     * Staging.
     *
     * @param minutes mean over the runs that log it; may be 0
     * @param inside whether it is part of the time of a run
     */
    public record Staging(double minutes, boolean inside) {}

    /** Training samples until convergence by the size of the training set. */
    public Optional<Sample> epochs() {
        return task.trainSamples.isPresent()
                ? measured.samples.map(samples -> samples.times(1.0 / task.trainSamples.getAsLong()))
                : Optional.empty();
    }

    /** Minutes of staging that are part of the time of a run. */
    public double stagingInside() {
        return measured.staging.filter(Staging::inside).map(Staging::minutes).orElse(0.0);
    }

    /** Times as they count: with the factor of a review. */
    public Optional<Sample> countedMinutes() {
        return measured.minutes.map(minutes -> minutes.times(measured.factor));
    }

    public boolean isTimeToTrain() {
        return task.metric == Metric.TIME_TO_TRAIN;
    }

    /** What commands call it: {@code 2.0/NVIDIA/dgxa100_n64_pytorch}, without a round {@code own/SYSTEM}. */
    public String name() {
        String system = label.system.replace('/', '_');
        return label.round
                .map(round -> round + "/" + label.submitter.replace('/', '+') + "/" + system)
                .orElse("own/" + system);
    }

    /** Its metric as one word. */
    public String metricName() {
        return task.metric.name().toLowerCase(Locale.ROOT);
    }
}
