package org.mlhpc.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.mlhpc.results.mllog.MlLogEvent;

/** What a log has said so far about the keys of the rules. */
final class LogHistory {
    private final Set<String> keys;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Double> earliestMillis = new HashMap<>();
    private final Map<String, JsonNode> firstValues = new HashMap<>();
    private long events;

    /** @param keys those to remember; others could be any number */
    LogHistory(Set<String> keys) {
        this.keys = keys;
    }

    void add(MlLogEvent event) {
        events++;
        String key = event.key();
        if (keys.contains(key)) {
            lines.merge(key, 1, Integer::sum);
            if (!Double.isNaN(event.timeMillis())) {
                earliestMillis.merge(key, event.timeMillis(), Math::min);
            }
            firstValues.putIfAbsent(key, event.value());
        }
    }

    boolean isEmpty() {
        return events == 0;
    }

    int lines(String key) {
        return lines.getOrDefault(key, 0);
    }

    OptionalDouble earliestMillis(String key) {
        Double millis = earliestMillis.get(key);
        return millis == null ? OptionalDouble.empty() : OptionalDouble.of(millis);
    }

    Map<String, JsonNode> firstValues() {
        return firstValues;
    }
}
