package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose nodes a job of higher priority takes, on a real Slurm of two nodes. */
@Tag("slurm")
class BatchPreemptionTest {
    private static final String RUN = "batch_run 0 run cosmoflow";

    @RegisterExtension
    private static final ThrowawayCluster cluster = new ThrowawayCluster();

    @TempDir
    private Path home;

    /** Takes both nodes, and lets the job before start again when it is done. */
    private void preempt(String job) throws Exception {
        String urgent = cluster.run(
                "sbatch",
                "--parsable",
                "--partition=urgent",
                "--nodes=2",
                "--exclusive",
                "--output=/dev/null",
                "--wrap=true");
        cluster.awaitState(urgent, "COMPLETED .*");
        cluster.awaitState(job, "PENDING 1 .*");
    }

    /** Three of the ten seconds that it has, which is less than the usual margin. The script is told, as preempt_send_user_signal asks. */
    @Test
    void aJobThatHasToMakeRoomSavesItsStateAndGoesOnLater() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                """
                first_start || finish
                await_stop
                sleep 3
                save
                """);
        String job = point.submit(RUN, "--nodes=2", "--signal=B:TERM@60");
        point.awaitFile("running_0");
        preempt(job);
        String why = point.why(job);
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");

        assertTrue(
                why.matches(
                        "stopped: state saved: epoch 1, step 2; requeued: preempted by a job of higher priority, .*"),
                why);
        assertTrue(
                point.events(0)
                        .matches(
                                """
                                started\tn1,n2
                                signal\t(preempted by a job of higher priority, \\d+ s before the end of the job)
                                stopped\tstate saved: epoch 1, step 2
                                requeued\t\\1
                                started\tn1,n2
                                finished\ttarget reached
                                """),
                point.events(0));
    }

    /** Without {@code --signal} Slurm tells the ranks alone. */
    @Test
    void ranksThatAreToldWithoutTheScriptCostNoRetry() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                """
                srun --ntasks=1 bash -c 'touch running; exec sleep 100'
                exit_because killed 'rank 0 on n1 was killed by signal 9 (Killed)'
                """);
        String job = point.submit(Map.of("MLHPC_RETRIES", "0"), RUN, "--nodes=2");
        point.awaitFile("running");
        preempt(job);

        assertEquals(
                """
                started\tn1,n2
                stopped\tended without saving its state; goes on from its last checkpoint
                requeued\tpreempted by a job of higher priority
                """,
                point.events(0));
    }
}
