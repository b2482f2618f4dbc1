package org.mlhpc.rules.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.Violation.Severity;

/**
 * A system description and what is wrong with it.
 *
 * @param division its division; empty if the file cannot be read or does not say
 * @param scale accelerators of all nodes, or nodes where there are none; empty if the file does not say
 */
record SystemDescription(Optional<String> division, OptionalLong scale, List<Violation> violations) {
    /** What {@code ./mlhpc system describe} writes for what it did not find. */
    private static final String UNKNOWN = "unknown";

    private static final String SECTION = "submission_rules: System description";
    private static final String COUNT = "\\d{1,9}";
    private static final long LARGEST_BYTES = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .build())
            .build();

    static SystemDescription check(Path file, Requirements requirements) {
        try {
            return read(file, requirements);
        } catch (IOException e) {
            return broken(file, OptionalLong.empty(), "it cannot be read: " + e);
        }
    }

    private static SystemDescription read(Path file, Requirements requirements) throws IOException {
        if (Files.size(file) > LARGEST_BYTES) {
            return broken(file, OptionalLong.empty(), Files.size(file) + " bytes");
        }
        byte[] text = Files.readAllBytes(file);
        JsonNode json;
        Map<String, Long> lines;
        try {
            json = JSON.readTree(text);
            lines = lines(text);
        } catch (JsonProcessingException e) {
            long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            return broken(file, OptionalLong.of(line), e.getOriginalMessage());
        }
        if (!json.isObject()) {
            return broken(file, OptionalLong.empty(), "no JSON object");
        }
        var violations = new ViolationList(file);
        for (Requirements.SystemField field : requirements.systemFields()) {
            JsonNode value = json.get(field.name());
            Long line = lines.get(field.name());
            if (value == null || line == null) {
                String rule = "system/" + field.name();
                violations.error(rule, SECTION, "no field", "a text", "add \"" + field.name() + "\"");
            } else {
                check(violations, OptionalLong.of(line), field, value);
            }
        }
        return new SystemDescription(
                Optional.ofNullable(json.path("division").textValue()), scale(json), violations.all());
    }

    /** Line of each member of the object, from 1. */
    private static Map<String, Long> lines(byte[] text) throws IOException {
        var lines = new HashMap<String, Long>();
        try (JsonParser parser = JSON.createParser(text)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 1 && token == JsonToken.FIELD_NAME) {
                    lines.put(parser.currentName(), (long)
                            parser.currentTokenLocation().getLineNr());
                }
            }
        }
        return lines;
    }

    private static OptionalLong scale(JsonNode json) {
        String nodes = json.path("number_of_nodes").asText().strip();
        String accelerators = json.path("accelerators_per_node").asText().strip();
        return nodes.matches(COUNT) && accelerators.matches(COUNT)
                ? OptionalLong.of(Long.parseLong(nodes) * Math.max(1, Long.parseLong(accelerators)))
                : OptionalLong.empty();
    }

    private static void check(
            ViolationList violations, OptionalLong line, Requirements.SystemField field, JsonNode value) {
        String rule = "system/" + field.name();
        String shown = value.toString();
        if (field.integer() && !value.asText().strip().matches(COUNT)) {
            violations.add(rule, Severity.ERROR, SECTION, line, shown, "a number as a text", "write it as in \"4\"");
        } else if (!value.isTextual() && !field.free()) {
            // The official checker joins some of these texts, and stops with an exception if one is none.
            Severity severity = field.text() ? Severity.ERROR : Severity.WARNING;
            violations.add(rule, severity, SECTION, line, shown, "a text", "put it between quotation marks");
        } else if (field.needsAnswer()
                && (value.asText().isBlank() || value.asText().equals(UNKNOWN))
                && value.isTextual()) {
            violations.add(
                    rule, Severity.WARNING, SECTION, line, shown, "a meaningful answer", "describe it, or say N/A");
        } else if (field.oneOf() != null && !field.oneOf().contains(value.asText())) {
            String allowed = String.join(" or ", field.oneOf());
            violations.add(rule, Severity.WARNING, SECTION, line, shown, allowed, "write " + allowed);
        }
    }

    private static SystemDescription broken(Path file, OptionalLong line, String found) {
        var violations = new ViolationList(file);
        violations.add(
                "system/json",
                Severity.ERROR,
                SECTION,
                line,
                found,
                "a JSON object of at most " + LARGEST_BYTES + " bytes",
                "write it anew with ./mlhpc system describe");
        return new SystemDescription(Optional.empty(), OptionalLong.empty(), violations.all());
    }
}
