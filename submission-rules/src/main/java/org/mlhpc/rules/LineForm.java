package org.mlhpc.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.mlhpc.results.mllog.MalformedLine;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.rules.Violation.Severity;

/** What holds for every line of a log, whatever its key. */
final class LineForm {
    private static final Set<String> EVENT_TYPES = Set.of("INTERVAL_START", "INTERVAL_END", "POINT_IN_TIME");
    private static final String SECTION = "MLLOG line format";

    private final String file;
    private final Map<String, Findings> findings = new LinkedHashMap<>();

    LineForm(String file) {
        this.file = file;
    }

    static boolean isEventType(String type) {
        return EVENT_TYPES.contains(type);
    }

    void see(MalformedLine line) {
        String allowed =
                switch (line.fault()) {
                    case JSON -> "one JSON object behind :::MLLOG";
                    case MEMBER -> "the members time_ms, key, value and metadata";
                    case TIME -> "time_ms in milliseconds since 1970";
                    case LENGTH -> "a line that fits into memory";
                };
        String id = line.fault().name().toLowerCase(Locale.ROOT);
        add(id, Severity.ERROR, line.line(), line.detail(), allowed, "write each event as one whole line");
    }

    void see(MlLogEvent event) {
        JsonNode json = event.json();
        if (!json.path("time_ms").isIntegralNumber()) {
            warn("time_type", event, json.path("time_ms"), "an integer", "log whole milliseconds");
        }
        if (!json.path("key").isTextual()) {
            warn("key_type", event, json.path("key"), "a text", "log the key as a text");
        }
        if (!isEventType(json.path("event_type").asText(""))) {
            warn("event_type", event, json.path("event_type"), "one of " + EVENT_TYPES, "log the event type");
        }
        if (!json.path("namespace").isTextual()) {
            warn("namespace", event, json.path("namespace"), "a text, mostly empty", "log \"namespace\": \"\"");
        }
        JsonNode metadata = event.metadata();
        if (!metadata.isObject()) {
            warn("metadata_type", event, metadata, "an object", "log the metadata as an object");
        } else if (!metadata.has("file") || !metadata.has("lineno")) {
            warn("caller", event, metadata, "metadata with file and lineno", "add the place in the source that logs");
        }
    }

    /** The log has no event at all. */
    void seeNothing() {
        findings("empty")
                .add(Severity.ERROR, OptionalLong.empty(), "no event", "the events of a run", "check the log of a run");
    }

    /** The file is compressed, and no checker unpacks it. */
    static Violation compressed(String file, String format) {
        return new Violation(
                "log.compressed",
                Severity.ERROR,
                SECTION,
                file,
                OptionalLong.empty(),
                "a file compressed with " + format,
                "text",
                "unpack the log; checkers do not");
    }

    /** The file cannot be read at all. */
    static Violation unreadable(String file, String reason) {
        return new Violation(
                "log.read",
                Severity.ERROR,
                SECTION,
                file,
                OptionalLong.empty(),
                reason,
                "a log that can be read",
                "check the file and its permissions");
    }

    List<Violation> violations() {
        var all = new ArrayList<Violation>();
        findings.values().forEach(found -> all.addAll(found.violations()));
        return all;
    }

    private void warn(String id, MlLogEvent event, JsonNode value, String allowed, String change) {
        String found = value.isMissingNode() ? "nothing" : JsonValues.shown(value);
        add(id, Severity.WARNING, event.line(), found, allowed, change);
    }

    private void add(String id, Severity severity, long line, String found, String allowed, String change) {
        findings(id).add(severity, OptionalLong.of(line), found, allowed, change);
    }

    private Findings findings(String id) {
        return findings.computeIfAbsent(id, i -> new Findings("log." + i, SECTION, file));
    }
}
