package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Settings;
import org.mlhpc.slurm.JobScript;
import org.mlhpc.slurm.JobSpec;
import org.mlhpc.slurm.Site;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Batch jobs. */
@Command(name = "slurm", description = "Writes or submits a batch job that runs a workload under Slurm.")
final class SlurmCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec spec;

    /** What a batch job needs to know. */
    static final class JobOptions {
        @Mixin
        private WorkloadOptions workload;

        @Mixin
        private SubmissionOptions submission;

        @Option(
                names = "--nodes",
                paramLabel = "N",
                description = "Nodes of the job; default: ${DEFAULT-VALUE}.",
                defaultValue = "1")
        private int nodes;

        @Option(
                names = "--ranks-per-node",
                paramLabel = "N",
                description = "Ranks on each node; default: ${DEFAULT-VALUE}.",
                defaultValue = "1")
        private int ranksPerNode;

        @Option(
                names = "--time",
                paramLabel = "LIMIT",
                description = "Time limit; default: ${DEFAULT-VALUE}.",
                defaultValue = "2:00:00")
        private String time = "";

        @Option(
                names = "--runs",
                paramLabel = "N",
                description = "Runs, with seeds counting up; default: ${DEFAULT-VALUE}.",
                defaultValue = "1")
        private int runs;

        @Option(names = "--data", paramLabel = "DIR", description = "Data set that all nodes see.")
        private @Nullable Path data;

        @Option(names = "--stage-to", paramLabel = "DIR", description = "Copy the data to this folder of each node.")
        private @Nullable Path stageTo;

        @Option(names = "--out", paramLabel = "DIR", description = "Folder of the results.", required = true)
        private Path out = Path.of("");

        @Option(names = "--site", paramLabel = "FILE", description = "What this cluster asks for; see docs/slurm.md.")
        private @Nullable Path site;

        JobScript script() throws IOException {
            var command = new ArrayList<>(List.of("run", workload.workload().name()));
            command.addAll(List.of("--config", workload.configuration(), "--runs", Integer.toString(runs)));
            // Checked here, not after hours in the queue.
            Settings configured = workload.workload().settings(workload.configuration());
            workload.workload().spec(workload.settings());
            workload.settings().asMap().forEach((key, value) -> {
                if (!value.equals(configured.get(key))) {
                    command.addAll(List.of("--set", key + "=" + value));
                }
            });
            if (data != null) {
                command.addAll(List.of("--data", data.toAbsolutePath().toString()));
            }
            if (stageTo != null) {
                command.addAll(List.of("--stage-to", stageTo.toString()));
            }
            command.addAll(submission.arguments());
            String name = "mlhpc-" + workload.workload().name();
            var job = new JobSpec(name, nodes, ranksPerNode, time, out.toAbsolutePath(), command);
            Site asked = site == null ? Site.plain() : Site.read(site);
            return new JobScript(
                    asked, job, Path.of(System.getProperty("mlhpc.home", ".")).toAbsolutePath());
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "choose script or submit");
    }

    @Command(name = "script", description = "Prints the batch script.")
    int script(@Mixin JobOptions options) throws IOException {
        print(options.script().text());
        return 0;
    }

    @Command(name = "submit", description = "Hands the batch script to sbatch.")
    int submit(
            @Mixin JobOptions options,
            @Option(names = "--dry-run", description = "Print the script instead.") boolean dryRun)
            throws IOException {
        JobScript script = options.script();
        if (dryRun) {
            print(script.text());
            return 0;
        }
        // Slurm does not create the folder of a job's output, and the job would fail without a word.
        Files.createDirectories(script.job().out());
        print("job " + sbatch(script.text()) + "\n");
        return 0;
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    private static String sbatch(String script) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder("sbatch", "--parsable")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot start sbatch: run this where Slurm's commands are, or print the script with"
                            + " ./mlhpc slurm script (" + e.getMessage() + ")",
                    e);
        }
        try (OutputStream in = process.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("sbatch refused the job: " + answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sbatch was running", e);
        }
        return answer;
    }
}
