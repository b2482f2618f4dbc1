package org.mlhpc.results.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.results.entry.Entry;

/**
 * Whether two entries may be compared.
 *
 * @param comparable whether a verdict makes sense
 * @param remarks why not, or what a reader of the verdict must know
 */
public record Compatibility(boolean comparable, List<String> remarks) {
    /** Rounds that MLCommons' compatibility table (policies, MLPerf_Compatibility_Table.adoc, "HPC") calls comparable. */
    private static final Map<String, List<List<String>>> TABLE = Map.of(
            "cosmoflow", List.of(List.of("0.7"), List.of("1.0"), List.of("2.0")),
            "deepcam", List.of(List.of("0.7", "1.0"), List.of("2.0")),
            "oc20", List.of(List.of("1.0"), List.of("2.0")));

    public Compatibility {
        remarks = List.copyOf(remarks);
    }

    /** Judges two entries. */
    public static Compatibility of(Entry a, Entry b) {
        List<String> obstacles = new ArrayList<>();
        if (!a.task().benchmark().equals(b.task().benchmark())
                || a.task().metric() != b.task().metric()) {
            obstacles.add("benchmark or metric differ");
        }
        difference("training samples", a.task().trainSamples(), b.task().trainSamples())
                .ifPresent(obstacles::add);
        difference("validation samples", a.task().evalSamples(), b.task().evalSamples())
                .ifPresent(obstacles::add);
        List<String> remarks = new ArrayList<>();
        rounds(a, b, obstacles, remarks);
        conditions(a, b, remarks);
        remarks.addAll(0, obstacles);
        return new Compatibility(obstacles.isEmpty(), remarks);
    }

    private static Optional<String> difference(String what, OptionalLong a, OptionalLong b) {
        return a.isPresent() && b.isPresent() && a.getAsLong() != b.getAsLong()
                ? Optional.of(a.getAsLong() + " and " + b.getAsLong() + " " + what)
                : Optional.empty();
    }

    private static void rounds(Entry a, Entry b, List<String> obstacles, List<String> remarks) {
        Optional<String> first = a.label().round();
        Optional<String> second = b.label().round();
        if (first.isEmpty() || second.isEmpty() || first.equals(second)) {
            return;
        }
        List<List<String>> groups = TABLE.getOrDefault(a.task().benchmark(), List.of());
        Optional<List<String>> group = groupOf(groups, first.get());
        Optional<List<String>> other = groupOf(groups, second.get());
        if (group.isEmpty() || other.isEmpty()) {
            remarks.add("MLCommons' compatibility table does not say whether rounds " + first.get() + " and "
                    + second.get() + " are comparable");
        } else if (!group.equals(other)) {
            obstacles.add("MLCommons' compatibility table calls " + a.task().benchmark() + " changed between rounds "
                    + first.get() + " and " + second.get());
        }
    }

    private static Optional<List<String>> groupOf(List<List<String>> groups, String round) {
        return groups.stream().filter(group -> group.contains(round)).findFirst();
    }

    private static void conditions(Entry a, Entry b, List<String> remarks) {
        if (!a.label().division().equals(b.label().division())) {
            remarks.add("divisions differ: " + word(a.label().division()) + " and "
                    + word(b.label().division()));
        }
        Optional<Boolean> before = a.measured().staging().map(Entry.Staging::inside);
        Optional<Boolean> after = b.measured().staging().map(Entry.Staging::inside);
        if (before.isPresent() && after.isPresent() && !before.equals(after)) {
            remarks.add("staging is part of the time of one and not of the other");
        }
        if (!a.label().reviewed() || !b.label().reviewed()) {
            remarks.add("unverified: not reviewed by MLCommons");
        }
    }

    private static String word(String division) {
        return division.isEmpty() ? "not known" : division;
    }
}
