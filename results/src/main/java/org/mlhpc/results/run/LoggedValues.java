package org.mlhpc.results.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.results.mllog.MlLogLine;
import org.mlhpc.results.mllog.MlLogReader;

/** What a log says once: settings and circumstances. What changes in the course of the run is left out. */
final class LoggedValues {
    private LoggedValues() {}

    /** Values by key, in the order of the log. */
    static Map<String, String> of(Path log) throws IOException {
        var values = new LinkedHashMap<String, String>();
        Set<String> changing = new HashSet<>();
        try (MlLogReader lines = MlLogReader.open(log)) {
            for (Optional<MlLogLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (line.get() instanceof MlLogEvent event && !isOfAnEpoch(event)) {
                    see(event, values, changing);
                }
            }
        }
        values.keySet().removeAll(changing);
        return values;
    }

    private static boolean isOfAnEpoch(MlLogEvent event) {
        return event.metadata().has("epoch_num") || event.metadata().has("step_num");
    }

    private static void see(MlLogEvent event, Map<String, String> values, Set<String> changing) {
        JsonNode value = event.value();
        if (value.isNull() || value.isMissingNode()) {
            return;
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        String before = values.putIfAbsent(event.key(), text);
        if (before != null && !before.equals(text)) {
            changing.add(event.key());
        }
    }
}
