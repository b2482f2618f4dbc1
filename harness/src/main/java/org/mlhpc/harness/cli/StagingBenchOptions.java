package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.mlhpc.api.Communicator;
import org.mlhpc.harness.Console;
import org.mlhpc.harness.PageCache;
import org.mlhpc.harness.bench.Contest;
import org.mlhpc.harness.bench.staging.FileSizes;
import org.mlhpc.harness.bench.staging.StagingContest;
import picocli.CommandLine.Option;

/** What {@code bench staging} needs to know. */
final class StagingBenchOptions {
    private static final double MEGA = 1e6;
    private static final long MIB = 1 << 20;

    @Option(
            names = "--files",
            paramLabel = "SIZES",
            description = "File sizes: cosmoflow, cosmoflow-gzip, deepcam, oc20, openfold or small.",
            defaultValue = "cosmoflow")
    private String files = "";

    @Option(names = "--mib", paramLabel = "N", description = "MiB of data.", defaultValue = "1024")
    private long mebibytes;

    @Option(
            names = "--in",
            paramLabel = "DIR",
            description = "Where to put data and copies; all of it is removed again.",
            defaultValue = "${sys:java.io.tmpdir}")
    private Path folder = Path.of("");

    @Option(names = "--rounds", paramLabel = "N", description = "Turns of each contestant.", defaultValue = "5")
    private int rounds;

    @Option(
            names = "--source-limit",
            paramLabel = "MB/S",
            description = "Our ranks together read no faster than this; compares our strategies with each other.")
    private double sourceLimit;

    @Option(names = "--format", description = "text, json or csv.", defaultValue = "text")
    private Format format = Format.TEXT;

    Format format() {
        return format;
    }

    /** Holds the contest. Collective. */
    Table hold(Communicator world, Console console) throws IOException {
        FileSizes sizes = FileSizes.of(files);
        if (mebibytes < 1) {
            throw new IllegalArgumentException("--mib=" + mebibytes + " must be at least 1");
        }
        var contest = new Contest(rounds, 0, 1);
        var staging = new StagingContest(folder, sizes, mebibytes * MIB, world, PageCache::drop, console::say);
        List<Contest.Result> results = staging.hold(
                contest,
                sourceLimit * MEGA,
                (round, label, seconds) -> console.say("round %d, %s: %.3f s", round, label, seconds),
                console.progress("generating data"));
        var table = new Table(
                "contestant",
                "seconds",
                "lower_quartile",
                "upper_quartile",
                "mb_per_s",
                "time_ratio",
                "ratio_lower_quartile",
                "ratio_upper_quartile");
        for (Contest.Result result : results) {
            table.row(
                    result.label(),
                    result.secondsPerSample().median(),
                    result.secondsPerSample().lowerQuartile(),
                    result.secondsPerSample().upperQuartile(),
                    staging.megabytesPerSecond(result),
                    result.ratio().median(),
                    result.ratio().lowerQuartile(),
                    result.ratio().upperQuartile());
        }
        return table;
    }
}
