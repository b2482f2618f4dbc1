package org.mlhpc.harness.system;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Facts about a node, by the name of their field in a system description. What is not known is not there. */
final class Facts {
    /** What a description says of parts that the machine does not have. */
    static final String NOT_APPLICABLE = "N/A";

    private final Map<String, String> values = new LinkedHashMap<>();

    /** Adds a fact, unless it is empty. */
    void put(String field, String value) {
        if (!value.isEmpty()) {
            values.put(field, value);
        }
    }

    /** Adds a list of facts. */
    void put(String field, Iterable<String> parts) {
        put(field, String.join(", ", parts));
    }

    /** Adds {@code 4x thing, 1x other thing}. */
    void putCounted(String field, Map<String, Integer> counts) {
        put(
                field,
                counts.entrySet().stream()
                        .map(entry -> entry.getValue() + "x " + entry.getKey())
                        .collect(Collectors.joining(", ")));
    }

    void putAll(List<String> fields, String value) {
        fields.forEach(field -> put(field, value));
    }

    Map<String, String> values() {
        return values;
    }

    static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
