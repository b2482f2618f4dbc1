package org.mlhpc.results;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** The two official metrics, from the logs of a set of runs. Formulas and sources: docs/metrics.md. */
public final class Score {
    private static final double MILLIS_PER_MINUTE = 60_000;

    private Score() {}

    /** A run and whether its log passes the checker. */
    public record Judged(RunResult run, boolean passed) {}

    /**
     * Time to train.
     *
     * @return minutes: the mean without the fastest and the slowest run, where one failing log stands for the slowest;
     *     empty if two logs fail or fewer than one run remains
     */
    public static OptionalDouble minutesToTrain(Collection<Judged> runs) {
        List<Double> minutes = runs.stream()
                .filter(Judged::passed)
                .map(Judged::run)
                .map(RunResult::minutes)
                .flatMap(time -> time.stream().boxed())
                .sorted(Comparator.naturalOrder())
                .toList();
        int failing = runs.size() - minutes.size();
        int counted = runs.size() - 2;
        if (failing > 1 || counted < 1) {
            return OptionalDouble.empty();
        }
        return minutes.subList(1, 1 + counted).stream()
                .mapToDouble(Double::doubleValue)
                .average();
    }

    /**
     * Throughput.
     *
     * @param models runs counted, M': those whose logs pass
     * @param minutesForAll from the first run_start to the last run_stop among them
     */
    public record Throughput(int models, double minutesForAll) {
        /** The throughput of the runs that pass; empty models if none does. */
        public static Throughput of(Collection<Judged> runs) {
            List<RunResult> counted = runs.stream()
                    .filter(Judged::passed)
                    .map(Judged::run)
                    .filter(run -> run.minutes().isPresent())
                    .toList();
            double begin = counted.stream()
                    .mapToDouble(run -> run.runStartMillis().orElseThrow())
                    .min()
                    .orElse(Double.NaN);
            double end = counted.stream()
                    .mapToDouble(run -> run.runStopMillis().orElseThrow())
                    .max()
                    .orElse(Double.NaN);
            return new Throughput(counted.size(), (end - begin) / MILLIS_PER_MINUTE);
        }

        public double modelsPerMinute() {
            return models / minutesForAll;
        }
    }

    /**
     * Mean without the smallest and the largest value.
     *
     * @throws IllegalArgumentException for fewer than three values
     */
    public static double olympicMean(double... values) {
        if (values.length < 3) {
            throw new IllegalArgumentException("an olympic mean needs three values, not " + values.length);
        }
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        double sum = 0;
        for (int i = 1; i < sorted.length - 1; i++) {
            sum += sorted[i];
        }
        return sum / (sorted.length - 2);
    }
}
