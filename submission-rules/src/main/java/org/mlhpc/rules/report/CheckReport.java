package org.mlhpc.rules.report;

import java.util.List;
import java.util.stream.Stream;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.tree.SetVerdict;
import org.mlhpc.rules.tree.TreeVerdict;

/**
 * All that one call of the checker found.
 *
 * @param ruleset name of the ruleset
 * @param logs logs that were given on their own or in folders that are no submission
 * @param trees submissions
 */
public record CheckReport(String ruleset, List<LogVerdict> logs, List<TreeVerdict> trees) {
    public CheckReport {
        logs = List.copyOf(logs);
        trees = List.copyOf(trees);
    }

    /** Whether nothing fails. */
    public boolean passed() {
        return logs.stream().allMatch(LogVerdict::passed) && trees.stream().allMatch(TreeVerdict::passed);
    }

    /** Whether there is not even a warning. */
    public boolean clean() {
        return violations().findAny().isEmpty();
    }

    /** Everything: of single logs, of submissions, of their sets, of the logs in these. */
    Stream<Violation> violations() {
        Stream<Violation> ofTrees = trees.stream()
                .flatMap(tree -> Stream.concat(
                        tree.violations().stream(), tree.sets().stream().flatMap(CheckReport::violations)));
        return Stream.concat(logs.stream().flatMap(log -> log.violations().stream()), ofTrees);
    }

    private static Stream<Violation> violations(SetVerdict set) {
        Stream<LogVerdict> logs = Stream.concat(set.logs().stream(), set.pruned().stream());
        return Stream.concat(set.violations().stream(), logs.flatMap(log -> log.violations().stream()));
    }
}
