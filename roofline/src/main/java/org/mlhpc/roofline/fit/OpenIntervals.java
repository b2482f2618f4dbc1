package org.mlhpc.roofline.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mlhpc.roofline.Resource;

/**
 * Tells which intervals say little: those of overhead and serial that are wide, and those that end where a fit may not go
 * further, so that their true end is unknown.
 */
final class OpenIntervals {
    /** Of what a parameter can be, from which on it is said not to be told. */
    private static final double WIDE = 0.5;
    /** An interval this near to a bound, as a share of what lies between both bounds, ends at it. */
    private static final double AT_BOUND = 0.01;

    private final ParameterSpace space;
    private final double[] low;
    private final double[] high;

    /**
     * @param low lower ends of the intervals, by parameter, in the units of the space
     * @param high upper ends
     */
    OpenIntervals(ParameterSpace space, double[] low, double[] high) {
        this.space = space;
        this.low = low.clone();
        this.high = high.clone();
    }

    /**
     * @param values the fit itself; one that stopped at the least efficiency is not said again to have an interval that ends
     *     there. Warnings of one above its ceiling do not say that the search ended, so this is said of the greatest
     */
    List<Doubt> doubts(double[] values) {
        var doubts = new ArrayList<Doubt>();
        for (int i = 0; i < space.resources().size(); i++) {
            Set<Resource> about = Set.of(space.resources().get(i));
            String name = space.names().get(i);
            if (reaches(i, low[i], space.low(i)) && !reaches(i, values[i], space.low(i))) {
                doubts.add(
                        Doubt.about(about, ending(name, ParameterSpace.LEAST_EFFICIENCY, "least", "it may be lower")));
            }
            if (reaches(i, high[i], space.high(i))) {
                doubts.add(Doubt.about(
                        about, ending(name, ParameterSpace.GREATEST_EFFICIENCY, "most", "it may be higher")));
            }
        }
        overhead().ifPresent(text -> doubts.add(Doubt.aboutOverhead(text)));
        serial().ifPresent(text -> doubts.add(Doubt.about(Set.of(), text)));
        return doubts;
    }

    private Optional<String> overhead() {
        int index = space.resources().size();
        return isWide(index)
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "%s cannot be told from these runs, only that it is between %.3g and %.3g ms: add runs with little"
                                + " work in a step",
                        space.names().get(index),
                        1e3 * low[index],
                        1e3 * high[index]))
                : Optional.empty();
    }

    private Optional<String> serial() {
        int index = space.resources().size() + 1;
        String name = space.names().get(index);
        if (isWide(index)) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%s cannot be told from these runs, only that it is between %.2f and %.2f: one resource takes nearly all"
                            + " the time of each; add runs in which two take about as long",
                    name,
                    low[index],
                    high[index]));
        }
        return reaches(index, low[index], space.low(index))
                ? Optional.of(ending(name, space.low(index), "least", "resources may overlap completely"))
                : Optional.empty();
    }

    private boolean isWide(int index) {
        return high[index] - low[index] > WIDE * (space.high(index) - space.low(index));
    }

    private boolean reaches(int index, double end, double bound) {
        return Math.abs(end - bound) < AT_BOUND * (space.high(index) - space.low(index));
    }

    private static String ending(String name, double bound, String which, String so) {
        return "the interval of " + name + " ends at " + bound + ", the " + which + " that a fit may give: " + so;
    }
}
