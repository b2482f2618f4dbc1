package org.mlhpc.results.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mlhpc.results.RankList;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.SlowNodes;
import org.mlhpc.roofline.Channel;

/** The part of a report of a run about its ranks: what each says of itself, and which are slow. */
final class RankSection {
    private static final double MIB = 1 << 20;
    private static final double MILLI = 1e3;

    private final RunRecord run;

    RankSection(RunRecord run) {
        this.run = run;
    }

    void addTo(HtmlPage page) {
        page.heading(2, "Ranks");
        slowNodes(page);
        boolean storage = run.work().measured(Channel.STORAGE);
        var rows = new ArrayList<List<String>>();
        for (RunRecord.Rank rank : run.ranks()) {
            rows.add(List.of(
                    Integer.toString(rank.rank()),
                    rank.node().isEmpty() ? "not known" : rank.node(),
                    rank.ownStepSeconds().map(s -> format("%.2f ms", s * MILLI)).orElse("not measured"),
                    format("%.3f s", rank.stallSeconds()),
                    format("%.3f s", rank.allReduceSeconds()),
                    storage ? format("%.1f MiB", rank.storageBytes() / MIB) : "not measured"));
        }
        page.table(
                List.of("rank", "node", "own time of a step", "data stall", "waiting in all-reduce", "storage traffic"),
                rows);
    }

    private void slowNodes(HtmlPage page) {
        List<SlowNodes.SlowNode> slow = new SlowNodes(run.ranks()).nodes();
        if (slow.isEmpty()) {
            return;
        }
        page.paragraph("Slow, by the time of a step without waiting for others:");
        page.table(
                List.of("node", "ranks", "times the median"),
                slow.stream()
                        .map(node ->
                                List.of(node.node(), RankList.of(node.ranks()), format("%.2f", node.timesMedian())))
                        .toList());
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
