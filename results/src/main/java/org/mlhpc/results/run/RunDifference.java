package org.mlhpc.results.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What differs between two runs: causes first, then consequences.
 *
 * @param configuration settings with different values
 * @param environment circumstances with different values
 * @param numbers all numbers that either has
 */
public record RunDifference(List<Difference> configuration, List<Difference> environment, List<Difference> numbers) {
    /** A name with its two values; empty where a run does not have it. */
    public record Difference(String name, String first, String second) {}

    /** Sets two runs side by side. */
    public static RunDifference of(RunDescription first, RunDescription second) {
        return new RunDifference(
                different(first.configuration(), second.configuration()),
                different(first.environment(), second.environment()),
                all(first.numbers(), second.numbers()));
    }

    private static List<Difference> different(Map<String, String> first, Map<String, String> second) {
        return all(first, second).stream()
                .filter(difference -> !difference.first.equals(difference.second))
                .toList();
    }

    private static List<Difference> all(Map<String, ?> first, Map<String, ?> second) {
        var names = new LinkedHashSet<>(first.keySet());
        names.addAll(second.keySet());
        var all = new ArrayList<Difference>();
        for (String name : names) {
            all.add(new Difference(name, text(first, name), text(second, name)));
        }
        return all;
    }

    private static String text(Map<String, ?> values, String name) {
        return values.containsKey(name) ? String.valueOf(values.get(name)) : "";
    }
}
