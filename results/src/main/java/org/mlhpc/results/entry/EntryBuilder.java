package org.mlhpc.results.entry;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.mlhpc.results.Benchmark;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.Score;
import org.mlhpc.results.statistics.Sample;
import org.mlhpc.results.tree.Metric;

/** Makes entries of runs. */
final class EntryBuilder {
    private EntryBuilder() {}

    /**
     * The entry of a set of runs.
     *
     * @param runs each with whether it counts
     * @param factor of the review
     */
    static Entry.Measured measured(Metric metric, String benchmark, Collection<Score.Judged> runs, double factor) {
        List<RunResult> counted = runs.stream()
                .filter(Score.Judged::passed)
                .map(Score.Judged::run)
                .toList();
        boolean throughput = metric == Metric.THROUGHPUT;
        return new Entry.Measured(
                throughput ? throughput(benchmark, runs, factor) : timeToTrain(runs, factor),
                factor,
                runs.size() - counted.size(),
                throughput ? OptionalInt.of(counted.size()) : OptionalInt.empty(),
                sample(counted, RunResult::minutes),
                sample(counted, RunResult::samplesToConverge),
                sample(counted, RunResult::samplesPerSecond),
                sample(counted, RunResult::trainSamplesPerSecond),
                staging(counted),
                mean(counted, RunResult::trainMinutes),
                mean(counted, RunResult::evalMinutes));
    }

    private static OptionalDouble timeToTrain(Collection<Score.Judged> runs, double factor) {
        OptionalDouble minutes = Score.minutesToTrain(runs);
        return minutes.isPresent() ? OptionalDouble.of(minutes.getAsDouble() * factor) : minutes;
    }

    private static OptionalDouble throughput(String benchmark, Collection<Score.Judged> runs, double factor) {
        Score.Throughput throughput = Score.Throughput.of(runs);
        int least = Benchmark.named(benchmark).map(Benchmark::runs).orElse(1);
        return throughput.models() < least
                ? OptionalDouble.empty()
                : OptionalDouble.of(throughput.modelsPerMinute() / factor);
    }

    /** What the runs were asked to do; a number on which they differ is absent. */
    static Entry.Task task(String benchmark, Metric metric, Collection<RunResult> runs) {
        return new Entry.Task(
                benchmark,
                metric,
                common(runs, RunResult::globalBatchSize),
                common(runs, RunResult::trainSamples),
                common(runs, RunResult::evalSamples));
    }

    private static OptionalLong common(Collection<RunResult> runs, Function<RunResult, OptionalLong> number) {
        List<OptionalLong> distinct = runs.stream().map(number).distinct().toList();
        return distinct.size() == 1 ? distinct.get(0) : OptionalLong.empty();
    }

    private static Optional<Sample> sample(Collection<RunResult> runs, Function<RunResult, OptionalDouble> number) {
        double[] values = runs.stream()
                .map(number)
                .flatMapToDouble(OptionalDouble::stream)
                .filter(value -> value > 0)
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Sample.of(values));
    }

    /** Of all runs, or of none. */
    private static OptionalDouble mean(Collection<RunResult> runs, Function<RunResult, OptionalDouble> number) {
        double[] values = runs.stream()
                .map(number)
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
        return values.length < runs.size()
                ? OptionalDouble.empty()
                : Arrays.stream(values).average();
    }

    private static Optional<Entry.Staging> staging(Collection<RunResult> runs) {
        List<RunResult.Staging> logged =
                runs.stream().flatMap(run -> run.staging().stream()).toList();
        if (logged.isEmpty()) {
            return Optional.empty();
        }
        double minutes = logged.stream()
                .mapToDouble(RunResult.Staging::minutes)
                .average()
                .orElseThrow();
        return Optional.of(new Entry.Staging(minutes, logged.get(0).insideRun()));
    }

    /** The files that the runs were read from. */
    static List<Path> files(Collection<RunResult> runs) {
        return runs.stream().map(run -> Path.of(run.file())).toList();
    }
}
