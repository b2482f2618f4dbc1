package org.mlhpc.results.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mlhpc.results.RunRecord;

/** The part of a run's report on its data: how they were staged, and how loaders read them. */
record DataSection(RunRecord run) {
    private static final double MIB = 1 << 20;

    void addTo(HtmlPage page) {
        staging(page);
        input(page);
    }

    private void staging(HtmlPage page) {
        page.heading(2, "Staging");
        if (run.staging().isEmpty()) {
            page.paragraph("Nothing was staged.");
            return;
        }
        RunRecord.Staging staging = run.staging().get();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("strategy", staging.strategy()));
        rows.add(List.of("why", staging.reason()));
        rows.add(List.of("from", staging.source()));
        rows.add(List.of("read from during training", staging.directory()));
        rows.add(List.of("time", format("%.3f s", staging.seconds())));
        rows.add(List.of(
                "predicted",
                staging.predictedSeconds().map(s -> format("%.3f s", s)).orElse("not predicted")));
        if (staging.movedBytes() > 0) {
            rows.add(List.of("read from the source", format("%.1f MiB", staging.sharedBytes() / MIB)));
            rows.add(List.of(
                    "of it by devices",
                    staging.deviceBytes().map(b -> format("%.1f MiB", b / MIB)).orElse("not measured")));
            rows.add(List.of("got from other nodes", format("%.1f MiB", staging.peerBytes() / MIB)));
            rows.add(List.of("rate, all ranks", format("%.1f MiB/s", staging.movedBytes() / MIB / staging.seconds())));
            rows.add(
                    List.of("slowest file", format("%s, %.3f s", staging.slowestFile(), staging.slowestFileSeconds())));
        }
        if (staging.keptBytes() > 0) {
            rows.add(List.of("there already", format("%.1f MiB", staging.keptBytes() / MIB)));
        }
        page.table(List.of(), rows);
        if (staging.movedBytes() > 0) {
            stagingRanks(page, staging);
        }
    }

    private static void stagingRanks(HtmlPage page, RunRecord.Staging staging) {
        var rows = new ArrayList<List<String>>();
        for (RunRecord.StagingRank rank : staging.ranks()) {
            rows.add(List.of(
                    Integer.toString(rank.rank()),
                    Integer.toString(rank.node()),
                    format("%.1f MiB", rank.bytes() / MIB),
                    format("%.3f s", rank.seconds()),
                    format("%.1f MiB/s", rank.bytes() / MIB / rank.seconds())));
        }
        page.foldedTable("Staging by rank", List.of("rank", "node", "moved", "time", "rate"), rows);
    }

    private void input(HtmlPage page) {
        if (run.epochs().stream().noneMatch(epoch -> epoch.input().isPresent())) {
            return;
        }
        page.heading(2, "Input");
        var rows = new ArrayList<List<String>>();
        for (RunRecord.Epoch epoch : run.epochs()) {
            epoch.input().ifPresent(input -> rows.add(inputRow(epoch, input)));
        }
        page.table(
                List.of(
                        "epoch",
                        "bytes of samples",
                        "from devices",
                        "data stall",
                        "longest stall",
                        "decoding threads needed",
                        "there"),
                rows);
        page.paragraph("What devices did not deliver came from the page cache.");
    }

    private static List<String> inputRow(RunRecord.Epoch epoch, RunRecord.Input input) {
        return List.of(
                Integer.toString(epoch.number()),
                format("%.1f MiB", input.bytes() / MIB),
                input.deviceBytes()
                        .map(bytes -> format("%.1f MiB (%.0f %%)", bytes / MIB, 100 * bytes / input.bytes()))
                        .orElse("not measured"),
                format("%.2f %%", 100 * epoch.stallSeconds() / epoch.trainSeconds()),
                format("%.4f s", input.longestStallSeconds()),
                format("%.2f", input.neededThreads()),
                Integer.toString(input.threads()));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
