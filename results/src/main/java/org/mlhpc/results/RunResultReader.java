package org.mlhpc.results;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.results.mllog.MlLogLine;
import org.mlhpc.results.mllog.MlLogReader;

/**
 * Gathers the {@link RunResult} of a log from its events, in one pass; of a broken log what there is. Of a key that occurs
 * several times the first counts, except for the batch size, where the published tools take the last.
 */
public final class RunResultReader implements Consumer<MlLogEvent> {
    private static final Set<String> QUALITIES = Set.of("eval_error", "eval_accuracy");
    private static final Set<String> KEPT = Set.of(
            "submission_benchmark",
            "submission_division",
            "submission_platform",
            "run_start",
            "run_stop",
            "staging_start",
            "staging_stop",
            "train_samples",
            "eval_samples",
            "number_of_nodes",
            "accelerators_per_node");
    private static final double MILLIS_PER_MINUTE = 60_000;

    private final String file;
    private final Map<String, MlLogEvent> first = new HashMap<>();
    private final EpochTimes epochs = new EpochTimes();
    private final List<RunResult.Evaluation> evaluations = new ArrayList<>();
    private final List<RunResult.Seed> seeds = new ArrayList<>();
    private OptionalLong batchSize = OptionalLong.empty();

    /** @param file what the result calls the log */
    public RunResultReader(String file) {
        this.file = file;
    }

    /** Reads a whole log. */
    public static RunResult read(Path log) throws IOException {
        var reader = new RunResultReader(log.toString());
        try (MlLogReader lines = MlLogReader.open(log)) {
            for (Optional<MlLogLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (line.get() instanceof MlLogEvent event) {
                    reader.accept(event);
                }
            }
        }
        return reader.result();
    }

    @Override
    public void accept(MlLogEvent event) {
        String key = event.key();
        if (KEPT.contains(key)) {
            first.putIfAbsent(key, event);
        } else if (QUALITIES.contains(key) && !first.containsKey("run_stop")) {
            addEvaluation(event);
        } else if (key.equals("global_batch_size")) {
            batchSize = integer(event.value());
        } else if (key.equals("seed")) {
            JsonNode metadata = event.metadata();
            seeds.add(new RunResult.Seed(
                    event.line(),
                    metadata.path("file").asText(),
                    metadata.path("lineno").asLong(),
                    integer(event.value())));
        } else {
            epochs.see(event);
        }
    }

    private void addEvaluation(MlLogEvent event) {
        JsonNode epoch = event.metadata().path("epoch_num");
        if (epoch.isNumber() && event.value().isNumber()) {
            evaluations.add(
                    new RunResult.Evaluation(epoch.doubleValue(), event.value().doubleValue()));
        }
    }

    /** The result of the events so far. */
    public RunResult result() {
        return new RunResult(
                file,
                text("submission_benchmark"),
                text("submission_division"),
                text("submission_platform"),
                Optional.ofNullable(first.get("run_stop"))
                        .map(stop -> stop.metadata().path("status").asText()),
                time("run_start"),
                time("run_stop"),
                staging(),
                batchSize,
                number("train_samples"),
                number("eval_samples"),
                number("number_of_nodes"),
                number("accelerators_per_node"),
                epochs.upTo(time("run_stop").orElse(Double.POSITIVE_INFINITY)),
                evaluations,
                seeds);
    }

    private Optional<RunResult.Staging> staging() {
        OptionalDouble begin = time("staging_start");
        OptionalDouble end = time("staging_stop");
        if (begin.isEmpty() || end.isEmpty()) {
            return Optional.empty();
        }
        boolean inside = time("run_start").orElse(Double.POSITIVE_INFINITY) <= begin.getAsDouble();
        return Optional.of(
                new RunResult.Staging((end.getAsDouble() - begin.getAsDouble()) / MILLIS_PER_MINUTE, inside));
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(first.get(key)).map(event -> event.value().asText());
    }

    private OptionalDouble time(String key) {
        MlLogEvent event = first.get(key);
        return event == null ? OptionalDouble.empty() : OptionalDouble.of(event.timeMillis());
    }

    private OptionalLong number(String key) {
        MlLogEvent event = first.get(key);
        return event == null ? OptionalLong.empty() : integer(event.value());
    }

    /** As Python's {@code int}: of a number, cut to an integer, and of a text that is one. */
    private static OptionalLong integer(JsonNode value) {
        if (value.isNumber()) {
            return OptionalLong.of(value.longValue());
        }
        try {
            return value.isTextual()
                    ? OptionalLong.of(Long.parseLong(value.textValue().strip()))
                    : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
