package org.mlhpc.results.entry;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mlhpc.results.statistics.Sample;
import org.mlhpc.results.tree.Metric;

/** Entries with given numbers, for tests. */
public final class SampleEntries {
    private SampleEntries() {}

    /** A time to train of CosmoFlow with 1000 training samples; parts in minutes. */
    public static Entry parts(
            String system,
            long accelerators,
            double staging,
            double epochs,
            double training,
            double evaluation,
            double other) {
        double whole = staging + training + evaluation + other;
        return entry(
                new Entry.Label(Optional.of("2.0"), "closed", "Org", system, true),
                accelerators,
                256,
                new Entry.Measured(
                        OptionalDouble.of(whole),
                        1,
                        0,
                        OptionalInt.empty(),
                        Optional.of(Sample.of(0.98 * whole, whole, 1.02 * whole)),
                        Optional.of(Sample.of(1000 * epochs)),
                        Optional.empty(),
                        Optional.of(Sample.of(1000 * epochs / (60 * training))),
                        Optional.of(new Entry.Staging(staging, true)),
                        OptionalDouble.of(training),
                        OptionalDouble.of(evaluation)));
    }

    /** Times to train of which nothing else is known. */
    public static Entry times(String round, String system, long accelerators, double... minutes) {
        return entry(
                new Entry.Label(Optional.of(round), "closed", "Org", system, true),
                accelerators,
                256,
                new Entry.Measured(
                        minutes.length > 2
                                ? OptionalDouble.of(org.mlhpc.results.Score.olympicMean(minutes))
                                : OptionalDouble.empty(),
                        1,
                        0,
                        OptionalInt.empty(),
                        Optional.of(Sample.of(minutes)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()));
    }

    public static Entry entry(Entry.Label label, long accelerators, long batch, Entry.Measured measured) {
        return new Entry(
                label,
                new Entry.Machine(
                        OptionalLong.of(Math.max(1, accelerators / 4)), OptionalLong.of(accelerators), "X1", "CPU", ""),
                new Entry.Task(
                        "cosmoflow",
                        Metric.TIME_TO_TRAIN,
                        OptionalLong.of(batch),
                        OptionalLong.of(1000),
                        OptionalLong.of(100)),
                measured,
                List.of());
    }
}
