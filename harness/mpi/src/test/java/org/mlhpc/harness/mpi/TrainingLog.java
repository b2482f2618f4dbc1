package org.mlhpc.harness.mpi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.results.mllog.MlLogReader;

/** The log of a run, complete or growing. */
record TrainingLog(List<MlLogEvent> events) {
    private static final String RESUMED = "run_resumed";
    /** Throughput and the times of phases. */
    private static final String TIMES = "tracked_stats";

    /** The events of a log; none before there is one. */
    static TrainingLog read(Path file) throws IOException {
        var events = new ArrayList<MlLogEvent>();
        if (Files.exists(file)) {
            try (var reader = MlLogReader.open(file)) {
                for (var line = reader.next(); line.isPresent(); line = reader.next()) {
                    // Others are being written.
                    if (line.get() instanceof MlLogEvent event) {
                        events.add(event);
                    }
                }
            }
        }
        return new TrainingLog(events);
    }

    private List<MlLogEvent> all(String key) {
        return events.stream().filter(event -> event.key().equals(key)).toList();
    }

    /** For each time that the run was resumed: seconds since its state had been saved. */
    List<Double> gaps() {
        return all(RESUMED).stream()
                .map(event -> event.value().path("seconds").doubleValue())
                .toList();
    }

    /** When the one event of this key was, in milliseconds since 1970. */
    double millis(String key) {
        return all(key).get(0).timeMillis();
    }

    /** Everything but times and the marks of resuming. */
    List<String> withoutTimes() {
        return events.stream()
                .filter(event -> !event.key().equals(RESUMED))
                .map(TrainingLog::withoutTimes)
                .toList();
    }

    private static String withoutTimes(MlLogEvent event) {
        JsonNode rest = event.json().deepCopy();
        if (rest instanceof ObjectNode object) {
            object.remove("time_ms");
            if (event.key().equals(TIMES)) {
                object.remove("value");
            }
        }
        return rest.toString();
    }
}
