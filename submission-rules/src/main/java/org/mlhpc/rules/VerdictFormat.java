package org.mlhpc.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts that tell what the checker found. */
public enum VerdictFormat {
    /** For people. */
    TEXT {
        @Override
        public String format(String ruleset, List<LogVerdict> verdicts) {
            var text = new StringBuilder();
            for (LogVerdict verdict : verdicts) {
                text.append(verdict.file())
                        .append(": ")
                        .append(summary(verdict))
                        .append('\n');
                verdict.violations().forEach(violation -> text.append(described(violation)));
            }
            long passed = verdicts.stream().filter(LogVerdict::passed).count();
            text.append(
                    String.format(Locale.ROOT, "ruleset %s: %d of %d logs passed\n", ruleset, passed, verdicts.size()));
            return text.toString();
        }
    },

    /** One object with all logs. */
    JSON {
        @Override
        public String format(String ruleset, List<LogVerdict> verdicts) {
            ObjectNode root = MAPPER.createObjectNode().put("ruleset", ruleset);
            var logs = root.putArray("logs");
            for (LogVerdict verdict : verdicts) {
                ObjectNode log = logs.addObject().put("file", verdict.file()).put("passed", verdict.passed());
                var violations = log.putArray("violations");
                verdict.violations().forEach(violation -> violations.add(object(violation)));
            }
            try {
                return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    },

    /** One row for each violation. */
    CSV {
        @Override
        public String format(String ruleset, List<LogVerdict> verdicts) {
            Stream<String> rows = verdicts.stream()
                    .flatMap(verdict -> verdict.violations().stream())
                    .map(VerdictFormat::row);
            return Stream.concat(Stream.of("file,line,severity,rule,section,found,allowed,change\n"), rows)
                    .collect(Collectors.joining());
        }
    };

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The whole text, with a line feed at its end. */
    public abstract String format(String ruleset, List<LogVerdict> verdicts);

    private static String summary(LogVerdict verdict) {
        long errors = verdict.count(Violation.Severity.ERROR);
        long warnings = verdict.count(Violation.Severity.WARNING);
        return (errors == 0 ? "passed" : "failed, " + counted(errors, "error"))
                + (warnings == 0 ? "" : ", " + counted(warnings, "warning"));
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String described(Violation violation) {
        String line = violation.line().isPresent() ? "line " + violation.line().getAsLong() : "whole log";
        return String.format(
                Locale.ROOT,
                "  %s %s, %s\n    found:   %s\n    allowed: %s\n    change:  %s [%s]\n",
                name(violation.severity()),
                violation.rule(),
                line,
                violation.found(),
                violation.allowed(),
                violation.change(),
                violation.section());
    }

    private static ObjectNode object(Violation violation) {
        ObjectNode object = MAPPER.createObjectNode()
                .put("rule", violation.rule())
                .put("severity", name(violation.severity()))
                .put("section", violation.section())
                .put("file", violation.file());
        violation.line().ifPresent(line -> object.put("line", line));
        return object.put("found", violation.found())
                .put("allowed", violation.allowed())
                .put("change", violation.change());
    }

    private static String row(Violation violation) {
        String line =
                violation.line().isPresent() ? String.valueOf(violation.line().getAsLong()) : "";
        return Stream.of(
                                violation.file(),
                                line,
                                name(violation.severity()),
                                violation.rule(),
                                violation.section(),
                                violation.found(),
                                violation.allowed(),
                                violation.change())
                        .map(VerdictFormat::quoted)
                        .collect(Collectors.joining(","))
                + "\n";
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    private static String name(Violation.Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
