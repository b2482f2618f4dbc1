package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.slurm.throwaway.Shell;

/** Campaigns from an unpacked bundle to their results, undisturbed and disturbed, at the same time on a Slurm of two nodes each. */
class CampaignIT {
    /** Of the runs that are disturbed. */
    private static final String[] LONG = {"--set", "target_mae=1e-6", "--set", "max_epochs=35"};

    /**
     * Of each node: an epoch of 168 samples of 1 kB takes 2.7 s on two of them, on whatever machine, and all epochs together more than
     * the 90 s until Slurm tells a job of two minutes to end.
     */
    private static final String PACE = "31kB/s";

    private static final String TOLD_TO_END =
            "stopped: state saved: epoch \\d+(, step \\d+)?; requeued: TERM \\d+ s before the end of the job";

    @TempDir
    private static Path folder;

    private static Bundle bundle;
    private static Path data;
    private static Path system;
    private static List<String> undisturbed = List.of();

    @BeforeAll
    static void start() throws Exception {
        BatchCluster.assumePrograms();
        bundle = Bundle.unpack(folder);
        data = folder.resolve("data");
        bundle.mlhpc(0, BatchCampaign.training("data generate", "--out", data.toString()));
        system = describedSystem();
        undisturbed = undisturbed();
    }

    /** The run that is disturbed in other tests, outside of Slurm and in one go. */
    private static List<String> undisturbed() throws Exception {
        Path out = folder.resolve("undisturbed");
        String[] words = words(LONG, "--ranks", "2", "--data", data.toString(), "--out", out.toString());
        Shell twoNodes = bundle.shell().with("MLHPC_SIMULATED_NODES", "2");
        bundle.mlhpc(twoNodes, BatchCampaign.training("run", words)).assertCode(1);
        return TrainingLog.read(out.resolve("result_0.txt")).withoutTimes();
    }

    private static String[] words(String[] first, String... second) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(String[]::new);
    }

    private static void assertFinds(String pattern, String text) {
        assertTrue(Pattern.compile("(?m)" + pattern).matcher(text).find(), () -> "no " + pattern + " in: " + text);
    }

    /** Data, staging to another folder, an array of runs, collection, package; three runs are fewer than the rules ask for. */
    @ParameterizedTest
    @ValueSource(strings = {"srun", "mpirun"})
    @Execution(ExecutionMode.CONCURRENT)
    void threeRunsOnTwoNodesAreRefusedAsASubmissionAndTenBecomeOne(String launcher) throws Exception {
        try (BatchCluster cluster = BatchCluster.start(bundle, folder.resolve("slurm-" + launcher))) {
            becomesASubmission(cluster, launcher);
        }
    }

    private static void becomesASubmission(BatchCluster cluster, String launcher) throws Exception {
        var campaign = new BatchCampaign(cluster, folder.resolve(launcher), launcher);
        Path staged = folder.resolve("staged-" + launcher);
        String[] asked = {"--nodes", "2", "--prestage", "" + staged, "--org", "Example", "--system", "" + system};
        campaign.submit(10, words(asked, "--runs", "3"));
        cluster.awaitEmptyQueue();
        assertTrue(Files.exists(staged.resolve("train")), "the data were staged");
        assertCollected(campaign, 3);
        String lacking = "cosmoflow needs 10 runs, here are 3: train 7 more with seeds of their own, with --runs 10";
        assertFinds("^mlhpc: no submission: " + lacking + "$", campaign.output("package"));
        assertFinds("^package +\\d+ +failed: ", campaign.status());
        assertTrue(Files.notExists(campaign.out().resolve("package")), "no submission");
        Shell.Ended collected = campaign.collect();
        collected.assertCode(1);
        assertFinds("^nodes_2: no submission: " + lacking + "$", collected.output());
        assertFalse(collected.output().contains(" fails ruleset "), collected.output());

        campaign.submit(10, words(asked, "--runs", "10"));
        cluster.awaitEmptyQueue();
        assertCollected(campaign, 10);
        assertFinds("^package +\\d+ +completed$", campaign.status());
        String submission = campaign.out().resolve("package/nodes_2").toString();
        bundle.mlhpc(0, "check", submission);
        bundle.mlhpc(0, "package", "verify", submission);
        campaign.collect().assertCode(0);
        bundle.assertUntouched();
    }

    private static Path describedSystem() throws Exception {
        Path file = folder.resolve("box.json");
        var words = new ArrayList<>(List.of("system", "describe", "--out", file.toString()));
        for (String setting : List.of("submitter=Example", "division=open", "status=onprem", "system_name=box")) {
            words.addAll(List.of("--set", setting));
        }
        bundle.mlhpc(0, words.toArray(String[]::new));
        return file;
    }

    /** Every run has finished at its first start, has reached the target, and was brought to where its log passes the check. */
    private static void assertCollected(BatchCampaign campaign, int runs) throws Exception {
        String status = campaign.status();
        assertFinds(runs + " runs: " + runs + " finished$", status);
        assertFinds("^next: all runs are finished", status);
        for (int run = 0; run < runs; run++) {
            assertFinds("^nodes_2 +" + run + " +finished +\\d+_" + run + " +1 +n1,n2 .* reached ", status);
        }
        Path results = campaign.out().resolve("results/nodes_2");
        bundle.mlhpc(0, "check", results.toString());
        try (Stream<Path> logs = Files.list(results)) {
            assertEquals(
                    runs,
                    logs.filter(log -> log.getFileName().toString().matches("result_\\d+\\.txt"))
                            .count());
        }
    }

    /** Throughput: each instance on a node of its own. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void instancesOfOneJobTrainAtTheSameTime() throws Exception {
        try (BatchCluster cluster = BatchCluster.start(bundle, folder.resolve("slurm-throughput"))) {
            var campaign = new BatchCampaign(cluster, folder.resolve("throughput"), "mpirun");
            // So slow that one has not ended before the other has begun.
            campaign.submit(10, "--instances", "2", "--data", data.toString(), "--", "--limit-storage", "15kB/s");
            cluster.awaitEmptyQueue();
            assertTrainedAtTheSameTime(campaign);
        }
    }

    private static void assertTrainedAtTheSameTime(BatchCampaign campaign) throws Exception {
        String status = campaign.status();
        assertFinds("2 runs: 2 finished$", status);
        Shell.Ended collected = campaign.collect();
        collected.assertCode(1);
        assertFinds("^weak_2x1 +2 +2 +2 +10 +not yet ", collected.output());
        assertFinds("^weak_2x1: no submission: cosmoflow needs 10 runs, here are 2: ", collected.output());
        Path results = campaign.out().resolve("results/weak_2x1");
        bundle.mlhpc(0, "check", results.toString());
        var logs = new ArrayList<TrainingLog>();
        for (int run = 0; run < 2; run++) {
            assertFinds("^weak_2x1 +" + run + " +finished +\\d+ +1 +n" + (run + 1) + " .* reached ", status);
            logs.add(TrainingLog.read(results.resolve("result_" + run + ".txt")));
        }
        assertTrue(logs.get(0).millis("run_start") < logs.get(1).millis("run_stop"), "at the same time");
        assertTrue(logs.get(1).millis("run_start") < logs.get(0).millis("run_stop"), "at the same time");
    }

    /** What a run can meet with, one after the other, each time in the middle of training. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aRunThatIsDisturbedAgainAndAgainEndsAsIfItHadNotBeen() throws Exception {
        try (BatchCluster cluster = BatchCluster.start(bundle, folder.resolve("slurm-disturbed"))) {
            var campaign = new BatchCampaign(cluster, folder.resolve("disturbed"), "mpirun");
            submitLong(campaign, 10);
            BatchCampaign.Run run = campaign.run("nodes_2");
            disturb(cluster, run);
            cluster.awaitEmptyQueue();
            assertEquals(6, run.starts(), run.events());
            assertEndedAsIfUndisturbed(campaign, run);
        }
    }

    /** After each disturbance the table of {@code slurm status} says what it was. */
    private static void disturb(BatchCluster cluster, BatchCampaign.Run run) throws Exception {
        run.awaitTraining(1);
        cluster.run("scancel", "--signal=TERM", "--batch", run.job());
        run.awaitRequeued(TOLD_TO_END);

        run.awaitTraining(2);
        run.killRank();
        run.awaitRequeued("killed: rank [01] on n[12] was killed by signal 9 \\(Killed\\); requeued: retry 1 of 3");

        run.awaitTraining(3);
        cluster.run("scontrol", "requeue", run.job());
        run.awaitRequeued("requeued: by Slurm \\(preemption\\) or by hand \\(scontrol requeue\\)");

        run.awaitTraining(4);
        cluster.killDaemon("n2");
        run.awaitRequeued("requeued: by Slurm: node n2 failed");
        cluster.revive("n2");

        run.awaitTraining(5);
        String job = run.job();
        cluster.crash("n2");
        cluster.await("the end of start 5", () -> cluster.run("squeue", "-h", "-j", job, "-t", "RUNNING")
                .isEmpty());
        cluster.revive("n2");
        // mpirun may be faster than Slurm.
        run.awaitRequeued("(killed: node n2 was lost; requeued: retry 1 of 3|requeued: by Slurm: node n2 failed)");
    }

    /** Of two minutes, which Slurm's own signal comes before. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aRunThatMeetsTheTimeLimitEndsAsIfItHadNot() throws Exception {
        try (BatchCluster cluster = BatchCluster.start(bundle, folder.resolve("slurm-limit"))) {
            var campaign = new BatchCampaign(cluster, folder.resolve("limit"), "srun");
            submitLong(campaign, 2);
            BatchCampaign.Run run = campaign.run("nodes_2");
            run.awaitTraining(1);
            run.awaitRequeued(TOLD_TO_END);
            cluster.awaitEmptyQueue();
            assertEndedAsIfUndisturbed(campaign, run);
        }
    }

    private static void submitLong(BatchCampaign campaign, int minutes) throws Exception {
        String[] words = words(LONG, "--nodes", "2", "--data", data.toString(), "--", "--limit-storage", PACE);
        campaign.submit(minutes, words);
    }

    /** The log is the same but for times and a mark for each time that the run was resumed. */
    private static void assertEndedAsIfUndisturbed(BatchCampaign campaign, BatchCampaign.Run run) throws Exception {
        assertFinds("\tfinished\ttarget missed$", run.events());
        assertFinds("1 runs: 1 finished$", campaign.status());
        TrainingLog log = TrainingLog.read(run.log());
        assertEquals(undisturbed, log.withoutTimes());
        assertEquals(run.starts() - 1, log.gaps().size(), run.events());
        assertTrue(
                log.gaps().stream().allMatch(seconds -> seconds > 1), log.gaps().toString());
    }
}
