package org.mlhpc.rules.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.tree.SetVerdict;
import org.mlhpc.rules.tree.TreeVerdict;

/** The report for people. Of logs in a submission it shows errors only; there can be hundreds with the same warning. */
final class VerdictText {
    private final StringBuilder text = new StringBuilder();

    VerdictText(CheckReport report) {
        report.logs().forEach(this::add);
        report.trees().forEach(this::add);
        if (!report.logs().isEmpty()) {
            long passed = report.logs().stream().filter(LogVerdict::passed).count();
            line(
                    "ruleset %s: %d of %d logs passed",
                    report.ruleset(), passed, report.logs().size());
        }
        if (!report.trees().isEmpty()) {
            List<SetVerdict> sets = report.trees().stream()
                    .flatMap(tree -> tree.sets().stream())
                    .toList();
            long passed = sets.stream().filter(SetVerdict::passed).count();
            line("ruleset %s: %d of %d sets of runs passed", report.ruleset(), passed, sets.size());
        }
    }

    private void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private void add(LogVerdict log) {
        long errors = log.count(Violation.Severity.ERROR);
        long warnings = log.count(Violation.Severity.WARNING);
        line(
                "%s: %s%s",
                log.file(),
                errors == 0 ? "passed" : "failed, " + counted(errors, "error"),
                warnings == 0 ? "" : ", " + counted(warnings, "warning"));
        log.violations().forEach(violation -> add(violation, ""));
    }

    private void add(TreeVerdict tree) {
        var byFile = tree.violations().stream()
                .collect(Collectors.groupingBy(Violation::file, LinkedHashMap::new, Collectors.toList()));
        byFile.forEach((file, violations) -> {
            line("%s:", file);
            violations.forEach(violation -> add(violation, ""));
        });
        tree.sets().forEach(this::add);
    }

    private void add(SetVerdict set) {
        long warnings = set.logs().stream()
                .mapToLong(log -> log.count(Violation.Severity.WARNING))
                .sum();
        line(
                "%s: %s, %s%s",
                set.set().folder(),
                set.passed() ? "passed" : "failed",
                score(set),
                warnings == 0 ? "" : "; " + counted(warnings, "warning") + " in its logs");
        set.violations().forEach(violation -> add(violation, ""));
        for (LogVerdict log : set.logs()) {
            log.violations().stream()
                    .filter(violation -> violation.severity() == Violation.Severity.ERROR)
                    .forEach(violation -> add(violation, Path.of(log.file()).getFileName() + " "));
        }
    }

    private static String score(SetVerdict set) {
        String label = set.set().metric().label();
        return set.score().isEmpty()
                ? "no " + label
                : String.format(
                        Locale.ROOT,
                        "%s %.6f %s (unverified)%s",
                        label,
                        set.score().getAsDouble(),
                        set.set().metric().unit(),
                        set.factor() == 1 ? "" : String.format(Locale.ROOT, ", scaled by %.5f", set.factor()));
    }

    private void add(Violation violation, String log) {
        String where = violation.line().isPresent()
                ? "line " + violation.line().getAsLong()
                : violation.rule().matches("(set|tree|system)/.*") ? "" : "whole log";
        line(
                "  %s %s%s%s%s",
                VerdictFormat.name(violation.severity()), log, violation.rule(), where.isEmpty() ? "" : ", ", where);
        line("    found:   %s", violation.found());
        line("    allowed: %s", violation.allowed());
        line("    change:  %s [%s]", violation.change(), violation.section());
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
