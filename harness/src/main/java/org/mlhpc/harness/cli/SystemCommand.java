package org.mlhpc.harness.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.harness.system.SystemReport;
import org.mlhpc.harness.system.SystemTree;
import org.mlhpc.results.tree.Folder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Commands about the machine. */
@Command(name = "system", description = "Describes the machine.", subcommands = SystemCommand.Describe.class)
final class SystemCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Fills the system description of a submission. */
    @Command(
            name = "describe",
            description = {
                "Fills the system description of a submission from this machine. What it cannot find is 'unknown', and listed.",
                "Started by srun or mpirun on all nodes of a job, it counts them and tells in what they differ."
            })
    static final class Describe implements Callable<Integer> {
        private final Job job;

        @Spec
        private CommandSpec spec;

        @Option(names = "--set", paramLabel = "FIELD=TEXT", description = "Sets a field; wins over what is found.")
        private Map<String, String> given = Map.of();

        @Option(names = "--out", paramLabel = "FILE", description = "Where to write; default: standard output.")
        private @Nullable Path out;

        Describe(Job job) {
            this.job = job;
        }

        @Override
        public Integer call() throws IOException {
            Communicator world = job.world();
            SystemReport report = SystemReport.of(world, SystemTree.ofThisNode(), job.messagePassing(), given);
            if (world.rank() != 0) {
                return 0;
            }
            write(JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(report.fields())
                    + "\n");
            PrintWriter err = spec.commandLine().getErr();
            report.differing().forEach(field -> err.println("mlhpc: nodes differ in " + field));
            if (!report.missing().isEmpty()) {
                err.println("mlhpc: not found: " + String.join(", ", report.missing())
                        + "; give them with --set FIELD=TEXT, or FIELD=N/A where there is none");
            }
            return report.differing().isEmpty() ? 0 : Main.FAILED;
        }

        private void write(String json) throws IOException {
            if (out == null) {
                PrintWriter text = spec.commandLine().getOut();
                text.print(json);
                text.flush();
                return;
            }
            if (Files.isDirectory(out)) {
                throw new IllegalArgumentException("--out " + out + " is a folder; give a file in it");
            }
            Files.createDirectories(Folder.parent(out.toAbsolutePath()));
            Path partial = out.resolveSibling(out.getFileName() + ".partial");
            Files.writeString(partial, json, StandardCharsets.UTF_8);
            Files.move(partial, out, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
