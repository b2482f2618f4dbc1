package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Engine;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.Console;
import org.mlhpc.harness.EngineStart;
import org.mlhpc.harness.bench.Contest;
import org.mlhpc.harness.bench.Lineup;
import org.mlhpc.harness.bench.TrainingSteps;
import org.mlhpc.roofline.Spread;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Times parts of a workload on their own. */
@Command(name = "bench", description = "Times training steps or loading beside variants and other implementations.")
final class BenchCommand implements Runnable {
    private static final double PERCENT = 100;
    private static final double GIGA = 1e9;
    private static final double MILLISECONDS_PER_SECOND = 1e3;

    private final Job job;

    @CommandLine.Spec
    private CommandSpec spec;

    /** For the usage text; the launcher has started as many processes. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = "--ranks",
            paramLabel = "N",
            description = "Processes that train together; default: 1.",
            scope = ScopeType.INHERIT)
    private int ranks = 1;

    BenchCommand(Job job) {
        this.job = job;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "choose train, load or staging");
    }

    @Command(name = "train", description = "Times training steps on a batch that stays in memory.")
    int train(
            @Mixin BenchOptions options,
            @Option(
                            names = "--vary",
                            paramLabel = "KEY=VALUE",
                            description = "A further contestant, with this setting changed; may be repeated.")
                    @Nullable
                    Map<String, String> variants,
            @Option(
                            names = "--against",
                            paramLabel = "PROGRAM",
                            description = "A further contestant, another implementation; see docs/benchmarking.md.")
                    @Nullable
                    String program)
            throws IOException {
        requireOneProcess(program);
        return hold(options, new Choice() {
            @Override
            public <B extends Batch> void fill(Lineup<B> lineup, Settings settings) throws IOException {
                TrainingSteps<B> steps = lineup.addTraining(options.configuration(), settings);
                if (variants != null) {
                    for (Map.Entry<String, String> variant : variants.entrySet()) {
                        lineup.addTraining(variant.toString(), settings.with(Map.ofEntries(variant)));
                    }
                }
                if (program != null) {
                    lineup.addProgram(program, settings, steps);
                }
            }
        });
    }

    private void requireOneProcess(@Nullable String program) {
        if (program != null && job.world().size() > 1) {
            throw new IllegalArgumentException("--against compares single processes: leave --ranks out");
        }
    }

    @Command(
            name = "load",
            description =
                    "Times loading with one thread from the page cache, beside the training it has to feed, or beside"
                            + " other loaders and data sets.")
    int load(
            @Mixin BenchOptions options,
            @Option(
                            names = "--against",
                            paramLabel = "PROGRAM",
                            description = "A further contestant, another loader; see docs/benchmarking.md.")
                    @Nullable
                    String program,
            @Option(
                            names = "--beside",
                            paramLabel = "DIR",
                            description =
                                    "A further data set, such as the same one in another layout; may be repeated.")
                    @Nullable
                    List<Path> others)
            throws IOException {
        requireOneProcess(program);
        return hold(options, new Choice() {
            @Override
            public <B extends Batch> void fill(Lineup<B> lineup, Settings settings) throws IOException {
                if (program != null || others != null) {
                    var sets = new ArrayList<>(List.of(lineup.data()));
                    sets.addAll(others == null ? List.of() : others);
                    for (Path set : sets) {
                        String name = String.valueOf(set.getFileName());
                        lineup.addLoaders(name, settings, set, Optional.ofNullable(program));
                    }
                    return;
                }
                lineup.addLoading("loading, one thread per rank", settings);
                lineup.addTraining("training", settings);
            }
        });
    }

    @Command(
            name = "staging",
            description =
                    "Times staging a generated data set beside cp, rsync, tar and fio; with --source-limit and several"
                            + " ranks, forwarding beside copying to each node.")
    int staging(@Mixin StagingBenchOptions options) throws IOException {
        Communicator world = job.world();
        Console console = Consoles.forThisProcess(world.rank() != 0);
        Table table = options.hold(world, console);
        if (world.rank() == 0) {
            spec.commandLine().getOut().print(table.format(options.format()));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    /** Who takes part. */
    private interface Choice {
        <B extends Batch> void fill(Lineup<B> lineup, Settings settings) throws IOException;
    }

    private int hold(BenchOptions options, Choice choice) throws IOException {
        Communicator world = job.world();
        Console console = Consoles.forThisProcess(world.rank() != 0);
        Settings settings = options.settings(world.size());
        List<Contest.Result> results = hold(options, options.workload(), settings, choice, console);
        if (world.rank() == 0) {
            PrintWriter out = spec.commandLine().getOut();
            double flop = options.workload().spec(settings).trainFlopPerSample();
            out.print(table(results, flop).format(options.format()));
            if (options.format() == Format.TEXT) {
                results.forEach(result -> printParts(result, out));
            }
            out.flush();
        }
        return 0;
    }

    private <B extends Batch> List<Contest.Result> hold(
            BenchOptions options, Workload<B> workload, Settings settings, Choice choice, Console console)
            throws IOException {
        Communicator world = job.world();
        int threads = Integer.getInteger("mlhpc.threads", 1);
        console.say(
                "%s %s, global batch size %s, ranks: %d, threads per rank: %d",
                workload.name(),
                options.configuration(),
                settings.get(Settings.GLOBAL_BATCH_SIZE),
                world.size(),
                threads);
        Path data = options.data();
        if (data == null) {
            settings = workload.withLeastData(settings);
            data = DataCache.ofUser(System.getenv()).provide(workload, settings, world, console);
        }
        EngineStart.on(world);
        Engine engine = ServiceLoader.load(Engine.class).findFirst().orElseThrow();
        try (var lineup = new Lineup<B>(workload, data, world, engine, threads)) {
            choice.fill(lineup, settings);
            return options.contest()
                    .hold(
                            lineup.contestants(),
                            world,
                            (round, label, seconds) -> console.say(
                                    "round %d, %s: %.4g ms per sample",
                                    round, label, seconds * MILLISECONDS_PER_SECOND));
        }
    }

    private static Table table(List<Contest.Result> results, double flopPerSample) {
        var table = new Table(
                "contestant",
                "ms_per_sample",
                "ms_lower_quartile",
                "ms_upper_quartile",
                "samples_per_s",
                "gflop_per_s",
                "percent_of_matmul",
                "time_ratio",
                "ratio_lower_quartile",
                "ratio_upper_quartile");
        for (Contest.Result result : results) {
            Spread seconds = result.secondsPerSample();
            boolean trains = result.ofRoof().isPresent();
            table.row(
                    result.label(),
                    seconds.median() * MILLISECONDS_PER_SECOND,
                    seconds.lowerQuartile() * MILLISECONDS_PER_SECOND,
                    seconds.upperQuartile() * MILLISECONDS_PER_SECOND,
                    1 / seconds.median(),
                    trains ? (Object) (flopPerSample / seconds.median() / GIGA) : "",
                    result.ofRoof()
                            .<Object>map(share -> share.median() * PERCENT)
                            .orElse(""),
                    result.ratio().median(),
                    result.ratio().lowerQuartile(),
                    result.ratio().upperQuartile());
        }
        return table;
    }

    private static void printParts(Contest.Result result, PrintWriter out) {
        if (!result.parts().isEmpty()) {
            String parts = result.parts().entrySet().stream()
                    .map(part -> String.format(
                            Locale.ROOT, "%s %.1f %%", part.getKey().replace('_', ' '), part.getValue() * PERCENT))
                    .collect(Collectors.joining(", "));
            out.println(result.label() + ": " + parts);
        }
    }
}
