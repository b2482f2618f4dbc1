package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mlhpc.harness.MachineProbe;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.pack.NotQualified;
import org.mlhpc.rules.pack.PackageManifest;
import org.mlhpc.rules.pack.PackageRequest;
import org.mlhpc.rules.pack.Packager;
import org.mlhpc.rules.pack.Redaction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes submissions from finished runs, and verifies them later. */
@Command(
        name = "package",
        description = {
            "Makes a submission from finished runs, checks it, and takes host name, user name and home folder out of it.",
            "Of more runs than needed it takes the consecutive ones with the median score, as the rules ask."
        },
        subcommands = PackageCommand.Verify.class)
final class PackageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUNS", arity = "0..*", description = "Folders that ./mlhpc run wrote to.")
    private List<Path> runs = List.of();

    @Option(names = "--org", paramLabel = "NAME", description = "Organisation that submits.")
    private String organisation = "";

    @Option(names = "--system", paramLabel = "FILE", description = "Description, as ./mlhpc system describe writes it.")
    private Path system = Path.of("");

    @Option(names = "--out", paramLabel = "DIR", description = "Folder to make.")
    private Path out = Path.of("");

    @Option(names = "--metric", description = "time_to_train or throughput; default: time_to_train.")
    private Metric metric = Metric.TIME_TO_TRAIN;

    @Option(names = "--ruleset", description = "Rules to check with; default: ${DEFAULT-VALUE}.")
    private String ruleset = RuleSet.newest();

    @Override
    public Integer call() throws IOException {
        requireOptions();
        String name = String.valueOf(system.getFileName()).replaceFirst("\\.json$", "");
        var request = new PackageRequest(organisation, name, system, metric, runs, out, RuleSet.of(ruleset));
        PrintWriter text = spec.commandLine().getOut();
        try {
            PackageManifest manifest = new Packager(Redaction.ofThisProcess(MachineProbe.host())).make(request);
            manifest.scores()
                    .forEach((folder, score) -> text.printf(
                            Locale.ROOT,
                            "%s: %s %.6f %s (unverified)%n",
                            folder,
                            metric.label(),
                            score,
                            metric.unit()));
            text.println("submission in " + out + "; ./mlhpc check " + out + " shows warnings, ./mlhpc package verify "
                    + out + " tells whether it was changed");
            text.flush();
            return 0;
        } catch (NotQualified e) {
            spec.commandLine().getErr().println("mlhpc: no submission: " + e.getMessage());
            return Main.FAILED;
        }
    }

    private void requireOptions() {
        if (runs.isEmpty()
                || organisation.isEmpty()
                || system.toString().isEmpty()
                || out.toString().isEmpty()) {
            throw new IllegalArgumentException(
                    "a submission needs run folders, --org NAME, --system FILE and --out DIR");
        }
    }

    /** Tells whether a submission is as it was made. */
    @Command(name = "verify", description = "Tells whether each file of a submission is as it was when it was made.")
    static final class Verify implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "DIR", description = "Folder that ./mlhpc package made.")
        private Path folder = Path.of("");

        @Override
        public Integer call() throws IOException {
            PackageManifest manifest = PackageManifest.read(folder);
            List<String> differences = manifest.differences(folder);
            PrintWriter out = spec.commandLine().getOut();
            differences.forEach(out::println);
            out.println(
                    differences.isEmpty()
                            ? manifest.files() + " files are unchanged"
                            : "the submission was changed since it was made");
            out.flush();
            return differences.isEmpty() ? 0 : Main.FAILED;
        }
    }
}
