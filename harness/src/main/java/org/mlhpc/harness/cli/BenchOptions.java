package org.mlhpc.harness.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.bench.Contest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every benchmark needs to know. */
final class BenchOptions {
    @Mixin
    private WorkloadOptions workload;

    @Option(names = "--data", paramLabel = "DIR", description = "Data set; a little is generated without it.")
    private @Nullable Path data;

    @Option(names = "--batch", paramLabel = "N", description = "Samples per rank and step; default: as configured.")
    private int batch;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Turns of each contestant; default: ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int rounds;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Timed steps in a turn; default: ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int steps;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Steps before the timed ones in a turn; default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int warmUp;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text, json or csv; default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private Format format = Format.TEXT;

    Workload<?> workload() {
        return workload.workload();
    }

    String configuration() {
        return workload.configuration();
    }

    Settings settings(int ranks) {
        Settings settings = workload.settings();
        return batch == 0 ? settings : settings.with(Settings.GLOBAL_BATCH_SIZE, (long) batch * ranks);
    }

    @Nullable
    Path data() {
        return data;
    }

    Contest contest() {
        return new Contest(rounds, warmUp, steps);
    }

    Format format() {
        return format;
    }
}
