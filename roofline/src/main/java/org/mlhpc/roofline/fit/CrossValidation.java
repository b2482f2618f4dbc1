package org.mlhpc.roofline.fit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.mlhpc.roofline.Quantile;
import org.mlhpc.roofline.Resource;

/**
 * Step times that fits to other observations predict.
 *
 * @param groups of runs that were held out together; {@code fittedSeconds} come from a fit that saw none of the group. Runs that
 *     could not be predicted are not in them
 * @param failed groups without which no search for a fit succeeded
 */
public record CrossValidation(List<List<RooflineFit.Residual>> groups, int failed) {
    /** Standard deviation of a normal distribution by its median absolute deviation: 1 / (75 % quantile). */
    private static final double DEVIATION_BY_MEDIAN = 1.4826;
    /** Standard deviations that one in 30,000 normal errors exceeds on one side. */
    private static final double FAR = 4;
    /** Errors below it, 20 %, do not stand out, however small the others are. */
    private static final double LEAST_FAR = Math.log(1.2);

    public CrossValidation {
        groups = groups.stream().map(List::copyOf).toList();
    }

    /**
     * Leaves out one group of runs after the other. A run with work of a resource that no other group has, or in a group
     * without which no more runs are left than parameters, cannot be predicted and is left out of the result.
     *
     * @param groups of each run: equal ones are left out together
     * @param observations of all runs, by the runs (their indexes) that may tell what runs have in common, such as how long
     *     loading a sample takes; of all others only their work may be used
     */
    public static CrossValidation leaveGroupsOut(
            List<?> groups, Function<Set<Integer>, List<Observation>> observations, long seed) {
        List<Observation> informed = observations.apply(members(groups, group -> true));
        List<Optional<List<RooflineFit.Residual>>> folds = groups.stream()
                .distinct()
                .parallel()
                .map(left -> new Fold(groups, left, informed).predict(observations, seed))
                .toList();
        return new CrossValidation(
                folds.stream()
                        .flatMap(Optional::stream)
                        .filter(predicted -> !predicted.isEmpty())
                        .toList(),
                Math.toIntExact(folds.stream().filter(Optional::isEmpty).count()));
    }

    private static Set<Integer> members(List<?> groups, Predicate<Object> wanted) {
        return IntStream.range(0, groups.size())
                .filter(index -> wanted.test(groups.get(index)))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * One group left out.
     *
     * @param informed observations by all that is known, to tell whether the others know less than is needed
     */
    private record Fold(List<?> groups, Object left, List<Observation> informed) {
        /** The runs of the group as a fit to the others has them; empty if there is no such fit. */
        Optional<List<RooflineFit.Residual>> predict(
                Function<Set<Integer>, List<Observation>> observations, long seed) {
            Set<Integer> others = members(groups, group -> !group.equals(left));
            List<Observation> all = observations.apply(others);
            List<Observation> known = others.stream().sorted().map(all::get).toList();
            if (known.isEmpty() || known.size() <= ParameterSpace.of(known).size()) {
                return Optional.of(List.of());
            }
            Set<Resource> seen = EnumSet.noneOf(Resource.class);
            known.forEach(observation -> seen.addAll(observation.ideal().keySet()));
            return RooflineFit.modelOf(known, seed).map(model -> IntStream.range(0, all.size())
                    .filter(index -> !others.contains(index))
                    .filter(index -> isKnown(all.get(index), informed.get(index), seen))
                    .mapToObj(index -> RooflineFit.Residual.of(all.get(index), model))
                    .toList());
        }

        private static boolean isKnown(Observation observation, Observation informed, Set<Resource> seen) {
            return seen.containsAll(observation.ideal().keySet())
                    && observation.ideal().keySet().equals(informed.ideal().keySet());
        }
    }

    /** All held-out runs, by group. */
    public List<RooflineFit.Residual> heldOut() {
        return groups.stream().flatMap(List::stream).toList();
    }

    /**
     * Runs that took so much longer than predicted from the other groups that something else may have slowed them down, or that
     * the model does not hold for them; the worst first. By the median error, on which a few such runs have little influence.
     */
    public List<RooflineFit.Residual> farTooSlow() {
        List<RooflineFit.Residual> all = heldOut();
        if (all.isEmpty()) {
            return List.of();
        }
        double[] errors =
                all.stream().mapToDouble(each -> Math.abs(each.logError())).toArray();
        double far = Math.max(LEAST_FAR, FAR * DEVIATION_BY_MEDIAN * Quantile.of(errors, 0.5));
        return all.stream()
                .filter(each -> -each.logError() > far)
                .sorted(Comparator.comparingDouble(RooflineFit.Residual::logError))
                .toList();
    }

    /** The share of the held-out times whose relative error is at most the result is {@code share}. */
    public double absoluteError(double share) {
        double[] errors = heldOut().stream()
                .mapToDouble(each -> Math.abs(each.relativeError()))
                .toArray();
        return Quantile.of(errors, share);
    }

    /** Root mean square of the errors of logarithms; 0 without any run. */
    public double scatter() {
        return Math.sqrt(heldOut().stream()
                .mapToDouble(each -> Math.pow(each.logError(), 2))
                .average()
                .orElse(0));
    }

    /**
     * How many of the held-out runs lie as near to their prediction as a normal scatter has the share {@code confidence} of
     * runs, if that scatter is only known from the other groups. Parameters vary too, which is left out.
     */
    public int within(double confidence) {
        double deviations = new NormalDistribution().inverseCumulativeProbability((1 + confidence) / 2);
        int within = 0;
        for (List<RooflineFit.Residual> group : groups) {
            var others = new ArrayList<>(groups);
            others.remove(group);
            double reach = deviations * new CrossValidation(others, 0).scatter();
            within += (int) group.stream()
                    .filter(each -> Math.abs(each.logError()) <= reach)
                    .count();
        }
        return within;
    }

    /** Errors of the runs that are harder to predict: steps that wait for storage take little more than its rate tells. */
    private String withoutStorage() {
        var others = new CrossValidation(
                groups.stream()
                        .map(group -> group.stream()
                                .filter(each -> each.binding() != Resource.STORAGE)
                                .toList())
                        .toList(),
                0);
        int runs = others.heldOut().size();
        return runs == 0 || runs == heldOut().size()
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (of the %d that storage does not limit: %.1f %%, %.1f %%)",
                        runs,
                        100 * others.absoluteError(0.5),
                        100 * others.absoluteError(0.9));
    }

    /**
     * For people: how many runs were predicted, and how well.
     *
     * @param kind what the groups are, in the plural, such as {@code layouts}
     * @param others what each run was predicted from, such as {@code those of other layouts}
     * @param confidence of the intervals
     */
    public String inWords(String kind, String others, double confidence) {
        String failures = failed == 0 ? "" : "; without " + failed + " of the " + kind + " no fit was found";
        if (groups.isEmpty()) {
            return "no run can be predicted from " + others + failures;
        }
        int runs = heldOut().size();
        return String.format(
                        Locale.ROOT,
                        "%d runs of %d %s, each predicted from %s: median absolute error %.1f %%, 90 %% below %.1f %%",
                        runs,
                        groups.size(),
                        kind,
                        others,
                        100 * absoluteError(0.5),
                        100 * absoluteError(0.9))
                + withoutStorage()
                + (groups.size() == 1
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; %d of %d within %.0f %% by the errors of other %s",
                                within(confidence),
                                runs,
                                100 * confidence,
                                kind))
                + failures;
    }
}
