package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.harness.Console;
import org.mlhpc.staging.Staged;
import org.mlhpc.staging.Staging;
import org.mlhpc.staging.StagingRequest;
import org.mlhpc.staging.StagingSummary;
import org.mlhpc.staging.plan.Plan;
import org.mlhpc.staging.plan.Strategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Staging on its own. */
@Command(
        name = "stage",
        description =
                "Brings a data set to a folder of each node, checked; repeated, it goes on where it was interrupted.")
final class StageCommand implements Callable<Integer> {
    private static final double MIB = 1 << 20;

    private final Job job;

    @Spec
    private CommandSpec spec;

    @Mixin
    private StagingOptions options;

    @Parameters(index = "0", paramLabel = "SRC", description = "The data set.")
    private Path source = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "DST",
            arity = "0..1",
            description = "Folder on each node; {node} in it stands for the number of the node.")
    private @Nullable Path destination;

    /** For the usage text; the launcher has started as many processes. */
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--ranks", paramLabel = "N", description = "Processes; set by the launcher.")
    private int ranks = 1;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How often the data will be read, for the plan.",
            defaultValue = "10")
    private double epochs;

    @Option(names = "--dry-run", description = "Measure, and print the plan with its predictions.")
    private boolean dryRun;

    StageCommand(Job job) {
        this.job = job;
    }

    @Override
    public Integer call() throws IOException {
        if (!(epochs >= 0)) {
            throw new IllegalArgumentException("--epochs=" + epochs + " must not be negative");
        }
        Communicator world = job.world();
        Console console = Consoles.forThisProcess(world.rank() != 0);
        // Whoever stages by hand may train with a workload that reads parts.
        StagingRequest request =
                options.request(destination).forRun(epochs, true, Integer.getInteger("mlhpc.threads", 1));
        try (var staging = new Staging(source, request, world)) {
            Plan plan = staging.plan();
            if (dryRun) {
                if (world.rank() == 0) {
                    plan.lines().forEach(spec.commandLine().getOut()::println);
                    spec.commandLine().getOut().flush();
                }
                return 0;
            }
            plan.lines().forEach(console::say);
            Staged staged = staging.stage(plan, console.progress("staging"));
            report(console, plan, staged, StagingSummary.of(world, staged));
            return 0;
        }
    }

    private static void report(Console console, Plan plan, Staged staged, StagingSummary summary) {
        if (plan.strategy() == Strategy.IN_PLACE) {
            console.say("nothing is copied: read %s in place", staged.directory());
            return;
        }
        double mebibytes = (summary.sharedBytes() + summary.peerBytes()) / MIB;
        console.say(
                "staged to %s in %s%s: %.1f MiB from the source, %.1f MiB from other nodes, %.1f MiB there already; %.1f MiB/s",
                staged.directory(),
                Console.duration(summary.seconds()),
                plan.prediction()
                        .seconds()
                        .map(seconds -> " (predicted " + Console.duration(seconds.staging()) + ")")
                        .orElse(""),
                summary.sharedBytes() / MIB,
                summary.peerBytes() / MIB,
                summary.keptBytes() / MIB,
                mebibytes / summary.seconds());
        StagingSummary.Row slowest = summary.slowestRank();
        if (mebibytes > 0) {
            console.say(
                    "slowest rank %d on node %d: %.1f MiB in %s; slowest file %s: %.3f s",
                    slowest.rank(),
                    slowest.node(),
                    (slowest.sharedBytes() + slowest.peerBytes()) / MIB,
                    Console.duration(slowest.seconds()),
                    summary.slowestFile(),
                    summary.slowestFileSeconds());
        }
        if (summary.damagedFiles() > 0) {
            console.say(
                    "%d files had changed since they were staged and were staged again, such as %s",
                    summary.damagedFiles(), summary.damagedFile());
        }
        summary.foreignWarning().ifPresent(warning -> console.say("warning: %s", warning));
    }
}
