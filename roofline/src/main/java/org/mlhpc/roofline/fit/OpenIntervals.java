package org.mlhpc.roofline.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells which intervals say little: those of overhead and serial that are wide, and those that end where a search must. */
final class OpenIntervals {
    /** Of what a parameter can be, from which on it is said not to be told. */
    private static final double WIDE = 0.5;
    /** An interval this near to a bound, as a share of what lies between both, ends at it. */
    private static final double AT_BOUND = 0.01;

    private OpenIntervals() {}

    /**
     * In words.
     *
     * @param low lower ends of the intervals, by parameter, in the units of the space
     * @param high upper ends
     */
    static List<String> warnings(ParameterSpace space, double[] low, double[] high) {
        var warnings = new ArrayList<String>();
        int overhead = space.resources().size();
        int serial = overhead + 1;
        for (int i = 0; i < overhead; i++) {
            if (distance(space, i, high[i], space.high(i)) < AT_BOUND) {
                warnings.add(ending(space.names().get(i), "upper", Math.exp(space.high(i))));
            }
        }
        if (isWide(space, overhead, low, high)) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%s cannot be told from these runs, only that it is between %.3g and %.3g ms; add runs with little work in a"
                            + " step",
                    space.names().get(overhead),
                    1e3 * low[overhead],
                    1e3 * high[overhead]));
        }
        if (isWide(space, serial, low, high)) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%s cannot be told from these runs, only that it is between %.2f and %.2f: one resource takes nearly all"
                            + " the time of each; add runs in which two take about as long",
                    space.names().get(serial),
                    low[serial],
                    high[serial]));
        } else if (distance(space, serial, low[serial], space.low(serial)) < AT_BOUND) {
            warnings.add(ending(space.names().get(serial), "lower", space.low(serial)));
        }
        return warnings;
    }

    private static boolean isWide(ParameterSpace space, int index, double[] low, double[] high) {
        return distance(space, index, low[index], high[index]) > WIDE;
    }

    /** As a share of what lies between the bounds. */
    private static double distance(ParameterSpace space, int index, double one, double other) {
        return Math.abs(one - other) / (space.high(index) - space.low(index));
    }

    private static String ending(String name, String end, double bound) {
        return String.format(
                Locale.ROOT,
                "the interval of %s has its %s end at %.3g, where the search ends: the runs do not tell how far it goes",
                name,
                end,
                bound);
    }
}
