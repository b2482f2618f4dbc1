package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.harness.Console;
import org.mlhpc.harness.EngineStart;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes and checks data sets. */
@Command(name = "data", description = "Generates or verifies a data set.")
final class DataCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "choose generate or verify");
    }

    @Command(name = "generate", description = "Writes synthetic data in the format of the published set.")
    int generate(
            @Mixin WorkloadOptions options,
            @Option(names = "--out", paramLabel = "DIR", description = "Folder to fill.", required = true)
                    Path directory,
            @Option(
                            names = "--seed",
                            paramLabel = "N",
                            description = "Seed of the data; default: ${DEFAULT-VALUE}.",
                            defaultValue = "0")
                    long seed)
            throws IOException {
        Progress progress = Consoles.forThisProcess(false).progress("generating data");
        EngineStart.alone();
        options.workload()
                .generator(options.settings())
                .generate(directory, seed, Runtime.getRuntime().availableProcessors(), progress);
        return 0;
    }

    @Command(name = "verify", description = "Compares every file of a data set with the checksum in its manifest.")
    int verify(
            @Parameters(paramLabel = "DIR", description = "The data set.") Path directory,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            description = "text, json or csv; default: ${DEFAULT-VALUE}.",
                            defaultValue = "text")
                    Format format)
            throws IOException {
        Console console = Consoles.forThisProcess(false);
        Manifest manifest = Manifest.read(directory);
        List<Manifest.Finding> findings = manifest.verify(directory, console.progress("verifying"));
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.TEXT) {
            findings.forEach(out::println);
            out.println(manifest.files().size() + " files, " + findings.size() + " damaged or missing");
        } else {
            var table = new Table("file", "finding");
            findings.forEach(finding -> table.row(finding.file().toString(), finding.what()));
            out.print(table.format(format));
        }
        out.flush();
        return findings.isEmpty() ? 0 : Main.FAILED;
    }
}
