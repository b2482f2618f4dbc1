package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns from an unpacked bundle to their results, on a Slurm of two nodes, undisturbed and disturbed. */
class CampaignIT {
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
            "\nsignal-seconds = 60\nenvironment = OMP_NUM_THREADS=1; OMPI_MCA_mpi_yield_when_idle=1; MLHPC_JAVA_OPTS=-XX:TieredStopAtLevel=1\n";

    private static final int EPOCHS = 12;
    /** So slow that an epoch takes about two seconds, on whatever machine: a sample has 1 kB. */
    private static final String PACE = "85kB/s";

    private static final Pattern EVAL_ERROR = Pattern.compile("\"key\": \"eval_error\", \"value\": ([^,]+),");
    private static final Pattern KEY = Pattern.compile("\"key\": \"([^\"]+)\"");

    @TempDir
    private static Path folder;

    private static BatchCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = BatchCluster.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static List<String> training(String... further) {
        var words = new ArrayList<>(List.of("cosmoflow"));
        for (String setting : SETTINGS) {
            words.addAll(List.of("--set", setting));
        }
        words.addAll(List.of(further));
        return words;
    }

    private static void submit(Path out, String launcher, String... further) throws Exception {
        Path site =
                Files.writeString(folder.resolve("site-" + launcher + ".properties"), "launcher = " + launcher + SITE);
        var words = new ArrayList<>(
                List.of("slurm", "submit", "--site", site.toString(), "--time", "10", "--out", out.toString()));
        words.addAll(training(further));
        BatchCluster.Ended submitted = cluster.mlhpc(words);
        assertEquals(0, submitted.code(), submitted.output());
    }

    private static String status(Path out) throws Exception {
        BatchCluster.Ended status = cluster.mlhpc("slurm", "status", out.toString());
        assertEquals(0, status.code(), status.output());
        return status.output();
    }

    private static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "no '" + part + "' in: " + text);
    }

    /** Data, staging to another folder, three runs, collection. */
    @ParameterizedTest
    @CsvSource({"srun, 3", "mpirun, 1"})
    void runsOnTwoNodesGoFromDataToCollectedResults(String launcher, int runs) throws Exception {
        Path out = folder.resolve(launcher);
        submit(
                out,
                launcher,
                "--nodes",
                "2",
                "--runs",
                "" + runs,
                "--prestage",
                folder.resolve("staged-" + launcher).toString());
        cluster.await("the end of all jobs", cluster::idle);

        String status = status(out);
        assertContains(status, runs + " runs: " + runs + " finished\n");
        assertContains(status, "next: all runs are finished");
        assertTrue(Files.exists(folder.resolve("staged-" + launcher + "/train")), "the data were staged");
        for (int run = 0; run < runs; run++) {
            assertContains(
                    Files.readString(out.resolve("nodes_2/events_" + run + ".tsv")), "\tfinished\ttarget reached");
            assertTrue(
                    Files.exists(out.resolve("results/nodes_2/result_" + run + ".txt")),
                    "run " + run + " was collected");
        }

        BatchCluster.Ended collected = cluster.mlhpc("slurm", "collect", out.toString());
        assertEquals(1, collected.code(), collected.output());
        assertContains(collected.output(), "cosmoflow needs 10 runs, here are " + runs);
        assertFalse(collected.output().contains(" fails ruleset "), collected.output());
        cluster.assertUntouched();
    }

    @Test
    void enoughRunsBecomeASubmissionThatPassesTheCheck() throws Exception {
        Path out = folder.resolve("ten");
        submit(out, "mpirun", "--runs", "10", "--org", "Example", "--platform", "box");
        cluster.await("the end of all jobs", cluster::idle);

        BatchCluster.Ended collected = cluster.mlhpc("slurm", "collect", out.toString());
        assertEquals(0, collected.code(), collected.output());
        Path results = out.resolve("results/nodes_1");
        assertContains(
                collected.output(),
                "./mlhpc package " + results + " --org Example --system box.json --metric time_to_train");
        Path box = folder.resolve("box.json");
        assertEquals(
                0,
                cluster.mlhpc(
                                "system",
                                "describe",
                                "--set",
                                "submitter=Example",
                                "--set",
                                "division=open",
                                "--set",
                                "status=onprem",
                                "--set",
                                "system_name=box",
                                "--out",
                                box.toString())
                        .code());
        Path submission = folder.resolve("submission");
        BatchCluster.Ended packaged = cluster.mlhpc(
                "package",
                results.toString(),
                "--org",
                "Example",
                "--system",
                box.toString(),
                "--out",
                submission.toString());
        assertEquals(0, packaged.code(), packaged.output());
        BatchCluster.Ended checked = cluster.mlhpc("check", submission.toString());
        assertEquals(0, checked.code(), checked.output());
    }

    /** What a run can meet with, one after the other, each time in the middle of training. */
    @Test
    void aRunThatIsDisturbedAgainAndAgainEndsAsIfItHadNotBeen() throws Exception {
        Path out = folder.resolve("disturbed");
        Path point = out.resolve("nodes_2");
        submit(
                out,
                "mpirun",
                "--nodes",
                "2",
                "--set",
                "target_mae=1e-6",
                "--set",
                "max_epochs=" + EPOCHS,
                "--",
                "--limit-storage",
                PACE);

        awaitTraining(point, 1);
        String job = job(point);
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        awaitEvent(point, "\tstopped\tstate saved");

        awaitTraining(point, 2);
        killRank(point);
        awaitEvent(point, "\tkilled\trank ");
        assertContains(status(out), "was killed by signal 9");

        awaitTraining(point, 3);
        cluster.run("scontrol", "requeue", job);

        awaitEvent(point, "\trequeued\tby Slurm");

        awaitTraining(point, 4);
        cluster.node("kill", "n2");
        cluster.await("the end of the job's start", () -> !cluster.run("squeue", "-h", "-t", "RUNNING", "-o", "%j")
                .contains("train"));
        cluster.node("revive", "n2");
        cluster.await("the end of all jobs", cluster::idle);

        assertContains(events(point), "\tfinished\ttarget missed");
        assertContains(status(out), "1 runs: 1 finished\n");
        assertEquals(undisturbed(), course(point.resolve("result_0.txt")));
    }

    private static String events(Path point) throws IOException {
        Path file = point.resolve("events_0.tsv");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static void awaitEvent(Path point, String part) throws Exception {
        cluster.await("event" + part, () -> events(point).contains(part));
    }

    /** Waits until the run has been started so often, and has finished an epoch since. */
    private static void awaitTraining(Path point, int starts) throws Exception {
        cluster.await("start " + starts, () -> events(point).split("\tstarted\t", -1).length > starts);
        int before = epochs(point);
        cluster.await("an epoch after start " + starts, () -> epochs(point) > before);
    }

    private static int epochs(Path point) throws IOException {
        Path log = point.resolve("result_0.txt.partial");
        return Files.exists(log) ? qualities(Files.readString(log)).size() : 0;
    }

    private static List<String> qualities(String log) {
        return EVAL_ERROR.matcher(log).results().map(line -> line.group(1)).toList();
    }

    /** As Slurm calls the job of the newest start. */
    private static String job(Path point) throws IOException {
        String[] lines = events(point).split("\n", -1);
        return lines[lines.length - 2].split("\t", -1)[1];
    }

    private static void killRank(Path point) throws IOException {
        Path rank;
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            rank = processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> isRank(process, point))
                    .findFirst()
                    .orElseThrow();
        }
        ProcessHandle.of(Long.parseLong(rank.getFileName().toString()))
                .orElseThrow()
                .destroyForcibly();
    }

    private static boolean isRank(Path process, Path point) {
        try {
            List<String> words =
                    List.of(Files.readString(process.resolve("cmdline")).split("\0", -1));
            return words.get(0).endsWith("/java") && words.contains(point.toString());
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    /** The same run outside of Slurm, in one go. */
    private static List<String> undisturbed() throws Exception {
        Path out = folder.resolve("undisturbed");
        var words = new ArrayList<>(List.of("run"));
        words.addAll(training(
                "--ranks", "2", "--set", "target_mae=1e-6", "--set", "max_epochs=" + EPOCHS, "--out", out.toString()));
        BatchCluster.Ended ended = cluster.mlhpc(words);
        assertEquals(1, ended.code(), ended.output());
        return course(out.resolve("result_0.txt"));
    }

    /** Keys of a log in their order, and what the evaluations came to. */
    private static List<String> course(Path log) throws IOException {
        String text = Files.readString(log);
        var course = new ArrayList<>(
                KEY.matcher(text).results().map(line -> line.group(1)).toList());
        course.removeIf("run_resumed"::equals);
        course.addAll(qualities(text));
        return course;
    }
}
