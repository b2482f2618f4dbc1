package org.mlhpc.results.entry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.mlhpc.results.Benchmark;
import org.mlhpc.results.statistics.Sample;
import org.mlhpc.results.tree.Metric;

/** The results that MLCommons has published in rounds 0.7 to 3.0: the table that {@code src/facts/bundle.py} makes. */
public final class PublishedResults {
    private static final String TABLE = "published-results.csv";
    private static final double SECONDS_PER_MINUTE = 60;

    private PublishedResults() {}

    /** All of them, by round and submitter. */
    public static List<Entry> all() {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (var records = format.parse(new InputStreamReader(table(), StandardCharsets.UTF_8))) {
            return records.stream().map(PublishedResults::entry).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the table " + TABLE, e);
        }
    }

    /** The bundled table, to be closed by the caller. */
    public static InputStream table() {
        InputStream in = PublishedResults.class.getResourceAsStream(TABLE);
        if (in == null) {
            throw new IllegalStateException("the table " + TABLE + " is not on the class path");
        }
        return in;
    }

    private static Entry entry(CSVRecord row) {
        return new Entry(
                new Entry.Label(
                        Optional.of(row.get("round")),
                        row.get("division"),
                        row.get("submitter"),
                        row.get("system"),
                        true),
                new Entry.Machine(
                        integer(row, "nodes"),
                        integer(row, "accelerators"),
                        row.get("accelerator"),
                        row.get("processor"),
                        row.get("framework")),
                new Entry.Task(
                        row.get("benchmark"),
                        Metric.valueOf(row.get("metric").toUpperCase(Locale.ROOT)),
                        integer(row, "batch"),
                        integer(row, "train_samples"),
                        integer(row, "eval_samples")),
                measured(row),
                List.of());
    }

    private static Entry.Measured measured(CSVRecord row) {
        int runs = Integer.parseInt(row.get("runs"));
        OptionalLong models = integer(row, "models");
        OptionalDouble rate = number(row, "train_samples_per_s");
        double samples = perEpoch(row) * number(row, "epochs").orElseThrow();
        return new Entry.Measured(
                number(row, "score"),
                number(row, "factor").orElse(1),
                Integer.parseInt(row.get("failing")),
                models.isPresent() ? OptionalInt.of((int) models.getAsLong()) : OptionalInt.empty(),
                Optional.of(minutes(row, runs)),
                Optional.of(values(row, "run_epochs")
                        .map(epochs -> epochs.times(perEpoch(row)))
                        .orElseGet(() -> Sample.ofMoments(runs, samples, Double.NaN))),
                mean(runs, number(row, "samples_per_s")),
                mean(runs, rate),
                staging(row),
                rate.isPresent()
                        ? OptionalDouble.of(samples / rate.getAsDouble() / SECONDS_PER_MINUTE)
                        : OptionalDouble.empty(),
                number(row, "eval_minutes"));
    }

    private static Optional<Sample> mean(int runs, OptionalDouble mean) {
        return mean.isPresent()
                ? Optional.of(Sample.ofMoments(runs, mean.getAsDouble(), Double.NaN))
                : Optional.empty();
    }

    private static double perEpoch(CSVRecord row) {
        boolean samples = Benchmark.named(row.get("benchmark"))
                .filter(Benchmark::countsSamples)
                .isPresent();
        return samples ? 1 : integer(row, "train_samples").orElseThrow();
    }

    /** The published deviation has the divisor n. */
    private static Sample minutes(CSVRecord row, int runs) {
        return values(row, "run_minutes")
                .orElseGet(() -> Sample.ofMoments(
                        runs,
                        number(row, "mean_minutes").orElseThrow(),
                        number(row, "sd_minutes").orElse(Double.NaN) * Math.sqrt(runs / (runs - 1.0))));
    }

    private static Optional<Entry.Staging> staging(CSVRecord row) {
        OptionalDouble minutes = number(row, "staging_minutes");
        return minutes.isPresent()
                ? Optional.of(new Entry.Staging(minutes.getAsDouble(), Boolean.parseBoolean(row.get("staging_inside"))))
                : Optional.empty();
    }

    private static Optional<Sample> values(CSVRecord row, String column) {
        double[] values = Stream.of(row.get(column).split(" ", -1))
                .filter(text -> !text.isEmpty())
                .mapToDouble(Double::parseDouble)
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Sample.of(values));
    }

    private static OptionalDouble number(CSVRecord row, String column) {
        String text = row.get(column);
        return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
    }

    private static OptionalLong integer(CSVRecord row, String column) {
        String text = row.get(column);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }
}
