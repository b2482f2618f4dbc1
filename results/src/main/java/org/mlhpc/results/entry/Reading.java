package org.mlhpc.results.entry;

import java.util.List;

/**
 * What was found at a path.
 *
 * @param entries in the order of their paths
 * @param problems what was skipped and why, naming file or folder
 */
public record Reading(List<Entry> entries, List<String> problems) {
    public Reading {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
    }
}
