package org.mlhpc.results;

import java.util.ArrayList;
import java.util.List;

/** Numbers of ranks as people write them. */
public final class RankList {
    /** Fewer in a row are not shorter as a range. */
    private static final int RANGE = 3;

    private RankList() {}

    /** Sorted numbers, three or more in a row as a range: {@code 0, 1, 4-7}. */
    public static String of(List<Integer> sorted) {
        var parts = new ArrayList<String>();
        int begin = 0;
        while (begin < sorted.size()) {
            int end = begin;
            while (end + 1 < sorted.size() && sorted.get(end + 1) == sorted.get(end) + 1) {
                end++;
            }
            if (end - begin + 1 >= RANGE) {
                parts.add(sorted.get(begin) + "-" + sorted.get(end));
            } else {
                sorted.subList(begin, end + 1).forEach(rank -> parts.add(rank.toString()));
            }
            begin = end + 1;
        }
        return String.join(", ", parts);
    }

    /** {@code rank 3} or {@code ranks 0, 1, 4-7}. */
    public static String named(List<Integer> sorted) {
        return (sorted.size() == 1 ? "rank " : "ranks ") + of(sorted);
    }
}
