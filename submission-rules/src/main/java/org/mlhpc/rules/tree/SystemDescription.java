package org.mlhpc.rules.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.Violation.Severity;

/**
 * A system description and what is wrong with it.
 *
 * @param division its division; empty if the file cannot be read or does not say
 */
record SystemDescription(Optional<String> division, List<Violation> violations) {
    private static final String SECTION = "submission_rules: System description";
    private static final long LARGEST_BYTES = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .build())
            .build();

    static SystemDescription check(Path file, Requirements requirements) throws IOException {
        if (Files.size(file) > LARGEST_BYTES) {
            return broken(file, Files.size(file) + " bytes");
        }
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            return broken(file, e.getOriginalMessage());
        }
        if (!json.isObject()) {
            return broken(file, "no JSON object");
        }
        var violations = new ArrayList<Violation>();
        for (Requirements.SystemField field : requirements.systemFields()) {
            check(file, field, json).ifPresent(violations::add);
        }
        return new SystemDescription(Optional.ofNullable(json.path("division").textValue()), List.copyOf(violations));
    }

    private static Optional<Violation> check(Path file, Requirements.SystemField field, JsonNode json) {
        String rule = "system/" + field.name();
        JsonNode value = json.get(field.name());
        if (value == null) {
            return Optional.of(
                    violation(rule, Severity.ERROR, file, "no field", "a text", "add \"" + field.name() + "\""));
        }
        if (field.integer() && !value.asText().strip().matches("\\d+")) {
            return Optional.of(violation(
                    rule, Severity.ERROR, file, value.toString(), "a number as a text", "write it as in \"4\""));
        }
        if (!value.isTextual() && !field.name().equals("other_software_stack")) {
            return Optional.of(violation(
                    rule, Severity.WARNING, file, value.toString(), "a text", "put it between quotation marks"));
        }
        if (field.needsAnswer() && value.isTextual() && value.textValue().isBlank()) {
            return Optional.of(violation(
                    rule, Severity.WARNING, file, "an empty text", "a meaningful answer", "describe it, or say N/A"));
        }
        return Optional.empty();
    }

    private static SystemDescription broken(Path file, String found) {
        return new SystemDescription(
                Optional.empty(),
                List.of(violation(
                        "system/json",
                        Severity.ERROR,
                        file,
                        found,
                        "a JSON object of at most " + LARGEST_BYTES + " bytes",
                        "write it anew with ./mlhpc system describe")));
    }

    static Violation violation(String rule, Severity severity, Path file, String found, String allowed, String change) {
        return new Violation(rule, severity, SECTION, file.toString(), OptionalLong.empty(), found, allowed, change);
    }
}
