package org.mlhpc.rules.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.tree.SetVerdict;
import org.mlhpc.rules.tree.TreeVerdict;

/** Texts that tell what the checker found. */
public enum VerdictFormat {
    /** For people. */
    TEXT {
        @Override
        public String format(CheckReport report) {
            return new VerdictText(report).toString();
        }
    },

    /** One object with all logs and submissions. */
    JSON {
        @Override
        public String format(CheckReport report) {
            ObjectNode root = MAPPER.createObjectNode().put("ruleset", report.ruleset());
            addLogs(root.putArray("logs"), report.logs());
            ArrayNode trees = root.putArray("submissions");
            report.trees().forEach(tree -> addTree(trees.addObject(), tree));
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
        public String format(CheckReport report) {
            Stream<String> rows = report.violations().map(VerdictFormat::row);
            return Stream.concat(Stream.of("file,line,severity,rule,section,found,allowed,change\n"), rows)
                    .collect(Collectors.joining());
        }
    };

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The whole text, with a line feed at its end. */
    public abstract String format(CheckReport report);

    private static void addTree(ObjectNode object, TreeVerdict tree) {
        object.put("passed", tree.passed());
        addViolations(object.putArray("violations"), tree.violations());
        ArrayNode sets = object.putArray("sets");
        tree.sets().forEach(set -> addSet(sets.addObject(), set));
    }

    private static void addSet(ObjectNode object, SetVerdict set) {
        object.put("folder", set.set().folder().toString())
                .put("system", set.set().system())
                .put("benchmark", set.set().benchmark())
                .put("metric", set.set().metric().label())
                .put("unit", set.set().metric().unit())
                .put("passed", set.passed())
                .put("scaling_factor", set.factor())
                .put("reviewed", false);
        set.score().ifPresent(score -> object.put("score", score));
        set.expectedFactor().ifPresent(factor -> object.put("expected_scaling_factor", factor));
        addViolations(object.putArray("violations"), set.violations());
        addLogs(object.putArray("logs"), set.logs());
        addLogs(object.putArray("pruned_logs"), set.pruned());
    }

    private static void addLogs(ArrayNode array, List<LogVerdict> logs) {
        for (LogVerdict log : logs) {
            ObjectNode object = array.addObject().put("file", log.file()).put("passed", log.passed());
            addViolations(object.putArray("violations"), log.violations());
        }
    }

    private static void addViolations(ArrayNode array, List<Violation> violations) {
        violations.forEach(violation -> array.add(object(violation)));
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

    static String name(Violation.Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
