package org.mlhpc.harness.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.mlhpc.harness.RunFiles;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.RunResultReader;

/**
 * How far a run has come, by its log.
 *
 * @param finished whether the log is complete
 * @param reached whether the run says that it reached its target
 * @param epochs whole epochs trained and evaluated
 * @param quality after the last evaluation
 * @param secondsPerEpoch training and evaluation of an epoch, the median
 * @param minutes from run_start to run_stop, the (unverified) score
 */
public record RunProgress(
        boolean finished,
        boolean reached,
        int epochs,
        OptionalDouble quality,
        OptionalDouble secondsPerEpoch,
        OptionalDouble minutes) {
    private static final double SECONDS_PER_MINUTE = 60;

    /** What the log of a run says, finished or growing; empty if there is none. */
    static Optional<RunProgress> of(RunFiles files) throws IOException {
        if (Files.exists(files.log())) {
            return Optional.of(read(files.log(), true));
        }
        return Files.exists(files.growingLog()) ? Optional.of(read(files.growingLog(), false)) : Optional.empty();
    }

    /** Of a line that is being written nothing is read. */
    private static RunProgress read(Path log, boolean finished) throws IOException {
        RunResult run = RunResultReader.read(log);
        int evaluations = run.evaluations().size();
        return new RunProgress(
                finished,
                run.succeeded(),
                evaluations,
                evaluations == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(
                                run.evaluations().get(evaluations - 1).quality()),
                secondsPerEpoch(run, evaluations),
                run.minutes());
    }

    /** The median, since an epoch that was interrupted has the time in the queue in it. */
    private static OptionalDouble secondsPerEpoch(RunResult run, int whole) {
        double[] seconds = run.epochs().stream()
                .limit(whole)
                .filter(epoch ->
                        epoch.trainMinutes().isPresent() && epoch.evalMinutes().isPresent())
                .flatMapToDouble(epoch -> DoubleStream.of((epoch.trainMinutes().getAsDouble()
                                + epoch.evalMinutes().getAsDouble())
                        * SECONDS_PER_MINUTE))
                .sorted()
                .toArray();
        return seconds.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(seconds[seconds.length / 2]);
    }
}
