package org.mlhpc.rules.pack;

import java.nio.file.Path;
import java.util.List;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.rules.RuleSet;

/**
 * What to make a submission from.
 *
 * @param organisation name of its folder
 * @param system name of the system, of its description and of its results folder
 * @param systemFile system description
 * @param metric what the runs are for
 * @param runFolders folders that the runs were written to, with result_*.txt
 * @param target folder to make; must not exist
 */
public record PackageRequest(
        String organisation,
        String system,
        Path systemFile,
        Metric metric,
        List<Path> runFolders,
        Path target,
        RuleSet rules) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._+-]*";

    /** @throws IllegalArgumentException if a name cannot be that of a folder in a submission, or the rules lack the metric */
    public PackageRequest {
        runFolders = List.copyOf(runFolders);
        if (rules.isOfFirstRound() && metric == Metric.THROUGHPUT) {
            throw new IllegalArgumentException("ruleset " + rules.name()
                    + " has no throughput: choose a newer --ruleset, or --metric time_to_train");
        }
        for (String name : List.of(organisation, system)) {
            if (!name.matches(NAME)) {
                throw new IllegalArgumentException(
                        "'" + name + "' cannot be the name of a folder: use letters, digits, '.', '_', '+' and '-'");
            }
        }
    }
}
