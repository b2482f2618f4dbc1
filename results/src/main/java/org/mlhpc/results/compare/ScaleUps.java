package org.mlhpc.results.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.mlhpc.results.entry.Entry;

/** Predicts what can be predicted of published results by one rule. */
final class ScaleUps {
    /** Training sets of one benchmark differ by a few samples between rounds; 0.7 had half of CosmoFlow's. */
    private static final double SAME_DATA = 0.01;

    private final List<Entry> usable;
    private final ScaleUp.Rule rule;
    private final List<ScaleUp> predicted = new ArrayList<>();
    private final List<ScaleUp.Skipped> skipped = new ArrayList<>();

    ScaleUps(Collection<Entry> entries, ScaleUp.Rule rule) {
        this.usable = withoutRepetition(entries);
        this.rule = rule;
    }

    /** Of each machine from its own smaller scales. */
    ScaleUp.Predictions onOneMachine(int leastScales) {
        predict(leastScales, Family::ofMachine, (target, sources) -> true);
        return new ScaleUp.Predictions(predicted, skipped);
    }

    /** From smaller scales of which at least one is of another machine. */
    ScaleUp.Predictions acrossMachines(int leastScales) {
        predict(leastScales, Family::ofKind, (target, sources) -> sources.stream()
                .anyMatch(entry -> !ScaleUp.machineOf(entry).equals(ScaleUp.machineOf(target))));
        return new ScaleUp.Predictions(predicted, skipped);
    }

    /** @param wanted whether a target is to be predicted from its {@link #sources} */
    private void predict(int leastScales, Function<Entry, Family> grouping, BiPredicate<Entry, List<Entry>> wanted) {
        Map<Family, List<Entry>> families = new LinkedHashMap<>();
        usable.forEach(entry -> families.computeIfAbsent(grouping.apply(entry), key -> new ArrayList<>())
                .add(entry));
        families.forEach((family, members) -> {
            List<Long> scales =
                    members.stream().map(ScaleUp::scale).distinct().sorted().toList();
            if (scales.size() >= leastScales) {
                members.stream()
                        .sorted(ScaleUp.BY_SCALE)
                        .filter(target -> ScaleUp.scale(target) > scales.get(leastScales - 2))
                        .filter(target -> wanted.test(target, sources(target, members)))
                        .forEach(target -> predict(family, scales.size(), target, members));
            }
        });
    }

    /** Some results were submitted to several rounds. */
    static List<Entry> withoutRepetition(Collection<Entry> entries) {
        Map<String, Entry> first = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.isTimeToTrain()
                    && entry.measured().minutes().isPresent()
                    && entry.measured().samples().isPresent()
                    && entry.measured().samplesPerSecond().isPresent()
                    && entry.task().batch().isPresent()
                    && entry.machine().scale().isPresent()) {
                String key = entry.task().benchmark() + "/" + entry.label().system() + "/"
                        + ScaleUp.mean(entry.measured().minutes());
                first.putIfAbsent(key, entry);
            }
        }
        return List.copyOf(first.values());
    }

    private static List<Entry> smaller(Entry target, List<Entry> members) {
        return members.stream()
                .filter(entry -> ScaleUp.scale(entry) < ScaleUp.scale(target))
                .toList();
    }

    /** Smaller scales; none of a later round if a forecast may not know of it. */
    private List<Entry> known(Entry target, List<Entry> members) {
        return smaller(target, members).stream()
                .filter(entry -> rule == ScaleUp.Rule.OTHERS || round(entry) <= round(target))
                .toList();
    }

    private static double round(Entry entry) {
        return Double.parseDouble(entry.label().round().orElseThrow());
    }

    /** What throughput is told by: smaller scales of the same round, if there are any. */
    private List<Entry> basis(Entry target, List<Entry> members) {
        List<Entry> known = known(target, members);
        List<Entry> sameRound =
                known.stream().filter(entry -> round(entry) == round(target)).toList();
        // Software of another round is another system; better than nothing.
        return sameRound.isEmpty() ? known : sameRound;
    }

    /** The basis; where a forecast has none, the later results that keep it from one. */
    private List<Entry> sources(Entry target, List<Entry> members) {
        List<Entry> basis = basis(target, members);
        return basis.isEmpty() ? smaller(target, members) : basis;
    }

    private void predict(Family family, int scales, Entry target, List<Entry> members) {
        List<Entry> known = known(target, members);
        if (known.isEmpty()) {
            skipped.add(new ScaleUp.Skipped(target, "smaller scales were published later"));
            return;
        }
        List<Entry> basis = basis(target, members);
        Optional<SampleLaw> law = rule == ScaleUp.Rule.STRICT ? ofSmaller(target, known) : ofOthers(target);
        law.ifPresentOrElse(
                found -> predicted.add(ScaleUp.of(family, scales, target, basis, found, staging(target, basis))),
                () -> skipped.add(new ScaleUp.Skipped(target, obstacle(target, known))));
    }

    private Optional<SampleLaw> ofOthers(Entry target) {
        return PublishedConvergence.of(usable.stream()
                        .filter(entry -> !entry.equals(target))
                        .filter(entry ->
                                entry.task().benchmark().equals(target.task().benchmark()))
                        .filter(entry -> sameData(entry, target))
                        .toList())
                .map(SampleLaw::of);
    }

    private static Optional<SampleLaw> ofSmaller(Entry target, List<Entry> smaller) {
        return SampleLaw.ofFew(
                smaller.stream()
                        .filter(entry -> sameData(entry, target))
                        .map(PublishedConvergence::point)
                        .toList(),
                ScaleUp.batch(target));
    }

    /** Of the next smaller scale, if nothing of the target may be known. */
    private double staging(Entry target, List<Entry> basis) {
        Entry known = rule == ScaleUp.Rule.STRICT
                ? basis.stream().max(ScaleUp.BY_SCALE).orElseThrow()
                : target;
        return known.stagingInside();
    }

    private String obstacle(Entry target, List<Entry> smaller) {
        if (rule == ScaleUp.Rule.OTHERS) {
            return "the benchmark has fewer than three other results on this data set, or all of one batch size";
        }
        List<Long> sizes = smaller.stream()
                .filter(entry -> sameData(entry, target))
                .map(entry -> Math.round(ScaleUp.batch(entry)))
                .distinct()
                .toList();
        return sizes.isEmpty()
                ? "smaller scales trained on another data set"
                : "smaller scales have the batch " + sizes.get(0) + " alone, so that samples to convergence at "
                        + Math.round(ScaleUp.batch(target)) + " cannot be told";
    }

    static boolean sameData(Entry entry, Entry target) {
        if (entry.task().trainSamples().isEmpty()
                || target.task().trainSamples().isEmpty()) {
            return false;
        }
        double ratio = (double) entry.task().trainSamples().getAsLong()
                / target.task().trainSamples().getAsLong();
        return Math.abs(ratio - 1) < SAME_DATA;
    }
}
