package org.mlhpc.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mlhpc.results.RankList;

/** Who is to blame for a hang, in a line: who says nothing, then who does not wait for others, then who waits where. */
final class HangVerdict {
    private HangVerdict() {}

    /**
     * The line.
     *
     * @param reports by rank
     * @param nodes names of the nodes of all ranks, by rank
     */
    static String of(Map<Integer, HangReport> reports, List<String> nodes) {
        var parts = new ArrayList<String>();
        Map<String, List<Integer>> silent = IntStream.range(0, nodes.size())
                .filter(rank -> !reports.containsKey(rank))
                .boxed()
                .collect(Collectors.groupingBy(nodes::get, TreeMap::new, Collectors.toList()));
        silent.forEach((node, ranks) -> parts.add(RankList.named(ranks) + " on " + node
                + (ranks.size() == 1
                        ? " says nothing: its process or node does not run"
                        : " say nothing: their processes or node do not run")));
        reports.values().stream()
                .filter(report -> !report.waiting())
                .map(HangVerdict::standing)
                .forEach(parts::add);
        Map<String, List<Integer>> waiting = reports.values().stream()
                .filter(HangReport::waiting)
                .collect(Collectors.groupingBy(
                        HangReport::phase, TreeMap::new, Collectors.mapping(HangReport::rank, Collectors.toList())));
        waiting.forEach((phase, ranks) ->
                parts.add(RankList.named(ranks) + (ranks.size() == 1 ? " waits in " : " wait in ") + phase));
        return String.join("; ", parts);
    }

    private static String standing(HangReport report) {
        String where = report.epoch() == 0
                ? ""
                : String.format(Locale.ROOT, " (epoch %d, step %d)", report.epoch(), report.step());
        return "rank " + report.rank() + " on " + report.node() + " stands in " + report.phase() + " since "
                + Console.duration(report.seconds()) + where;
    }
}
