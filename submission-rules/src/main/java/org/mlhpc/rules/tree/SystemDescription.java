package org.mlhpc.rules.tree;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.results.tree.SystemJson;
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

    static SystemDescription check(Path file, Requirements requirements) {
        try {
            SystemJson system = SystemJson.read(file);
            return system.trailing().isPresent()
                    ? broken(file, system.trailing(), "text after the JSON object")
                    : check(file, system, requirements);
        } catch (SystemJson.Damaged e) {
            return broken(file, e.line(), e.found());
        } catch (IOException e) {
            return broken(file, OptionalLong.empty(), String.valueOf(e.getMessage()));
        }
    }

    private static SystemDescription check(Path file, SystemJson system, Requirements requirements) {
        JsonNode json = system.members();
        var violations = new ViolationList(file);
        for (Requirements.SystemField field : requirements.systemFields()) {
            JsonNode value = json.get(field.name());
            Long line = system.lines().get(field.name());
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
                "a JSON object of at most " + SystemJson.LARGEST_BYTES + " bytes",
                "write it anew with ./mlhpc system describe");
        return new SystemDescription(Optional.empty(), OptionalLong.empty(), violations.all());
    }
}
