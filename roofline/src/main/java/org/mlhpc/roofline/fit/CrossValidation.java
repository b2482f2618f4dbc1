package org.mlhpc.roofline.fit;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mlhpc.roofline.Quantile;
import org.mlhpc.roofline.Resource;

/**
 * Step times that a fit to other observations predicts.
 *
 * @param heldOut by observation, in their order; {@code fittedSeconds} come from a fit that did not see it
 */
public record CrossValidation(List<RooflineFit.Residual> heldOut) {
    public CrossValidation {
        heldOut = List.copyOf(heldOut);
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
        List<Indexed> predicted = groups.stream()
                .distinct()
                .parallel()
                .flatMap(left -> new Fold(groups, left, informed).predict(observations, seed))
                .sorted((one, other) -> Integer.compare(one.index, other.index))
                .toList();
        return new CrossValidation(predicted.stream().map(Indexed::residual).toList());
    }

    private static Set<Integer> members(List<?> groups, Predicate<Object> wanted) {
        return IntStream.range(0, groups.size())
                .filter(index -> wanted.test(groups.get(index)))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    private record Indexed(int index, RooflineFit.Residual residual) {}

    /**
     * One group left out.
     *
     * @param informed observations by all that is known, to tell whether the others know less than is needed
     */
    private record Fold(List<?> groups, Object left, List<Observation> informed) {
        Stream<Indexed> predict(Function<Set<Integer>, List<Observation>> observations, long seed) {
            Set<Integer> others = members(groups, group -> !group.equals(left));
            List<Observation> all = observations.apply(others);
            List<Observation> known = others.stream().sorted().map(all::get).toList();
            if (known.isEmpty() || known.size() <= ParameterSpace.of(known).size()) {
                return Stream.empty();
            }
            Set<Resource> seen = EnumSet.noneOf(Resource.class);
            known.forEach(observation -> seen.addAll(observation.ideal().keySet()));
            StepModel model = RooflineFit.modelOf(known, seed);
            return IntStream.range(0, all.size())
                    .filter(index -> !others.contains(index))
                    .filter(index -> isKnown(all.get(index), informed.get(index), seen))
                    .mapToObj(index -> new Indexed(index, RooflineFit.Residual.of(all.get(index), model)));
        }

        private static boolean isKnown(Observation observation, Observation informed, Set<Resource> seen) {
            return seen.containsAll(observation.ideal().keySet())
                    && observation.ideal().keySet().equals(informed.ideal().keySet());
        }
    }

    /** The share of the held-out times whose relative error is at most the result is {@code share}. */
    public double absoluteError(double share) {
        double[] errors = heldOut.stream()
                .mapToDouble(each -> Math.abs(each.relativeError()))
                .toArray();
        return Quantile.of(errors, share);
    }

    /** For people: how many runs were predicted, and how well. */
    public String inWords() {
        return inWords("the others");
    }

    /** @param others what each run was predicted from, such as {@code those of other layouts} */
    public String inWords(String others) {
        if (heldOut.isEmpty()) {
            return "no run can be predicted from " + others;
        }
        return String.format(
                Locale.ROOT,
                "%d runs, each predicted from %s: median absolute error %.1f %%, 90 %% below %.1f %%",
                heldOut.size(),
                others,
                100 * absoluteError(0.5),
                100 * absoluteError(0.9));
    }
}
