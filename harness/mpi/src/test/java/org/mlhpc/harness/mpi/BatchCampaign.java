package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.slurm.throwaway.Shell;

/** A campaign of a small CosmoFlow. */
final class BatchCampaign {
    /** One parameter varies, so that the published target is near the error of predicting the means, and reached soon. */
    private static final List<String> SETTINGS = List.of(
            "sample_size=8",
            "conv_layers=2",
            "conv_filters=2",
            "dropout=0",
            "base_lr=0.02",
            "max_epochs=60",
            "lr_decay_boundary_epochs=40, 50",
            "gen_box_cells=8",
            "gen_vary=sigma_8",
            "gen_train_samples=160",
            "gen_validation_samples=8");

    /** Both nodes are this machine, so ranks that wait for each other are to let others compute. */
    private static final String SITE =
            """

            signal-seconds = 30
            environment = OMP_NUM_THREADS=1; OMPI_MCA_mpi_yield_when_idle=1; MLHPC_JAVA_OPTS=-XX:TieredStopAtLevel=1
            """;

    private final BatchCluster cluster;
    private final Path out;
    private final String launcher;

    BatchCampaign(BatchCluster cluster, Path out, String launcher) {
        this.cluster = cluster;
        this.out = out;
        this.launcher = launcher;
    }

    /** A command of {@code ./mlhpc}, what is trained, and then these words. */
    static String[] training(String command, String... further) {
        var words = new ArrayList<>(List.of(command.split(" ", -1)));
        words.add("cosmoflow");
        for (String setting : SETTINGS) {
            words.addAll(List.of("--set", setting));
        }
        words.addAll(List.of(further));
        return words.toArray(String[]::new);
    }

    Path out() {
        return out;
    }

    /** Submits it with a limit of so many minutes, or what is missing of it. */
    void submit(int minutes, String... further) throws IOException, InterruptedException {
        Path site = Files.writeString(
                out.resolveSibling("site-" + out.getFileName() + ".properties"), "launcher = " + launcher + SITE);
        var words =
                new ArrayList<>(List.of("--site", site.toString(), "--time", "" + minutes, "--out", out.toString()));
        words.addAll(List.of(further));
        cluster.mlhpc(training("slurm submit", words.toArray(String[]::new))).assertCode(0);
    }

    /** What {@code slurm status} shows. */
    String status() throws IOException, InterruptedException {
        Shell.Ended status = cluster.mlhpc("slurm", "status", out.toString());
        status.assertCode(0);
        return status.output();
    }

    /** What {@code slurm collect} says, which ends with 1 if something is missing. */
    Shell.Ended collect() throws IOException, InterruptedException {
        return cluster.mlhpc("slurm", "collect", out.toString());
    }

    /** The output of a job that has no tasks, of all times it was submitted. */
    String output(String job) throws IOException {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.list(out.resolve("jobs"))) {
            Pattern name = Pattern.compile(job + "-\\d+\\.out");
            for (Path file : files.sorted().toList()) {
                if (name.matcher(file.getFileName().toString()).matches()) {
                    text.append(Files.readString(file));
                }
            }
        }
        return text.toString();
    }

    /** Run 0 of the size of this name. */
    Run run(String point) {
        return new Run(out.resolve(point));
    }

    /** The first run of a size. */
    final class Run {
        private final Path point;

        private Run(Path point) {
            this.point = point;
        }

        Path log() {
            return point.resolve("result_0.txt");
        }

        String events() throws IOException {
            Path file = point.resolve("events_0.tsv");
            return Files.exists(file) ? Files.readString(file) : "";
        }

        int starts() throws IOException {
            return events().split("\tstarted\t", -1).length - 1;
        }

        /** As Slurm calls its newest job. */
        String job() throws IOException {
            String[] lines = events().split("\n", -1);
            return lines[lines.length - 2].split("\t", -1)[1];
        }

        /** Waits until it has been started so often, and has saved an epoch since: else this start would leave no gap of its own. */
        void awaitTraining(int starts) throws Exception {
            cluster.await("start " + starts, () -> starts() >= starts);
            Set<Path> before = savedStates();
            cluster.await("an epoch saved after start " + starts, () -> !before.containsAll(savedStates()));
        }

        private Set<Path> savedStates() throws IOException {
            Path folder = point.resolve("checkpoints_0");
            if (Files.notExists(folder)) {
                return Set.of();
            }
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.toString().endsWith(".json")).collect(Collectors.toSet());
            }
        }

        /** Waits until its job is back in the queue; then its row of the table says why, which may be a pattern. */
        void awaitRequeued(String why) throws Exception {
            String job = job();
            cluster.await("job " + job + " in the queue", () -> cluster.run("squeue", "-h", "-j", job, "-t", "PENDING")
                    .contains(job));
            String status = status();
            Pattern row = Pattern.compile("(?m)^" + point.getFileName() + " +0 +requeued +" + job + " .* " + why
                    + "; pending: Slurm waits a while before it starts a job again$");
            assertTrue(row.matcher(status).find(), () -> "no row like " + row + " in: " + status);
        }

        /** Ends one of its processes as a crash does. */
        void killRank() throws IOException {
            try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
                ProcessHandle rank = processes.filter(this::isRank).findFirst().orElseThrow();
                assertTrue(rank.destroyForcibly(), "rank killed");
            }
        }

        private boolean isRank(ProcessHandle process) {
            try {
                String line = Files.readString(Path.of("/proc", "" + process.pid(), "cmdline"));
                List<String> words = List.of(line.split("\0", -1));
                return words.get(0).endsWith("/java") && words.contains(point.toString());
            } catch (IOException e) {
                // It has ended meanwhile.
                return false;
            }
        }
    }
}
