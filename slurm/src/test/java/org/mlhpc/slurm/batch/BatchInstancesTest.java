package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Several runs at the same time in one job, on a real Slurm of two nodes. */
@Tag("slurm")
class BatchInstancesTest {
    private static final String RUN = "batch_instances 2 1 run cosmoflow";

    @RegisterExtension
    private static final ThrowawayCluster cluster = new ThrowawayCluster();

    @TempDir
    private Path home;

    /** Each waits for the other, so one after the other would never end. */
    @Test
    void twoRunsTrainAtTheSameTimeEachOnItsOwnNode() throws Exception {
        var point = BatchPoint.ofInstances(
                cluster,
                home,
                2,
                """
                while [[ ! -e starts_$((1 - index)) ]]; do sleep 0.1; done
                echo "run $index"
                touch "result_$index.txt"
                exit "$index"
                """);
        String job = point.submit(RUN, "--nodes=2");
        cluster.awaitState(job, "FAILED 0 1:0");

        assertEquals("n1\n", point.text("starts_0"));
        assertEquals("n2\n", point.text("starts_1"));
        assertEquals("run 1\n", point.text("log_1.txt"));
        assertEquals("started\tn1\nfinished\ttarget reached\n", point.events(0));
        assertEquals("started\tn2\nfinished\ttarget missed\n", point.events(1));
    }

    @Test
    void onlyTheUnfinishedOneGoesOn() throws Exception {
        var point = BatchPoint.ofInstances(cluster, home, 2, "((index == 1)) || finish\n" + BatchPoint.SAVES);
        String job = point.submit(RUN, "--nodes=2");
        point.awaitFile("result_0.txt");
        point.awaitFile("running_1");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");

        assertEquals("n1\n", point.text("starts_0"));
        assertEquals("n2\nn2\n", point.text("starts_1"));
        assertTrue(
                point.events(1).contains("\nstopped\tstate saved: epoch 1, step 2\nrequeued\tTERM "), point.events(1));
    }

    /** The signal comes while the script waits for one of them. */
    @Test
    void eventsOfManyRunsStandWhereTheyBelong() throws Exception {
        int count = 12;
        var point = BatchPoint.ofInstances(cluster, home, count, "await_stop; save");
        String job = point.submit("batch_nodes=(n{1.." + count + "})\nbatch_instances " + count + " 1 run cosmoflow");
        for (int run = 0; run < count; run++) {
            point.awaitFile("running_" + run);
        }
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.awaitState(job, "PENDING 1 .*");

        for (int run = 0; run < count; run++) {
            String expected =
                    "started\tn" + (run + 1) + "\nsignal\tTERM .*\nstopped\tstate saved.*\nrequeued\tTERM .*\n";
            assertTrue(point.events(run).matches(expected), run + ": " + point.events(run));
        }
    }

    /** The job starts again for the other one. */
    @Test
    void aRunThatWasGivenUpIsNotStartedAgainByTheSameJob() throws Exception {
        var point = BatchPoint.ofInstances(
                cluster, home, 2, "((index == 1)) || { echo 'mlhpc: no data' >&2; exit 3; }\n" + BatchPoint.SAVES);
        String job = point.submit(RUN, "--nodes=2");
        point.awaitFile("running_1");
        point.awaitEvents(0, ".*failed\t.*");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "FAILED 1 3:0");

        assertEquals("started\tn1\nfailed\texit code 3: mlhpc: no data\n", point.events(0));
        assertTrue(point.events(1).endsWith("finished\ttarget reached\n"), point.events(1));
    }

    /** Before the nodes are looked at. */
    @Test
    void aJobWhoseRunsAreAllFinishedEndsAtOnce() throws Exception {
        var point = BatchPoint.ofInstances(cluster, home, 2, "exit 3");
        Files.writeString(point.folder().resolve("result_0.txt"), "finished\n");
        Files.writeString(point.folder().resolve("result_1.txt"), "finished\n");
        String job = point.submit("batch_preflight --reads /data/missing\n" + RUN, "--nodes=2");
        cluster.awaitState(job, "COMPLETED 0 0:0");

        assertTrue(point.text("output").contains("run 1 is finished already"), point.text("output"));
    }

    /** Scripts of earlier versions did not tell batch_begin the number of runs. */
    @Test
    void theFirstRunAloneDoesNotFinishTheJob() throws Exception {
        var point = new BatchPoint(cluster, home, "touch \"result_$index.txt\"");
        Files.writeString(point.folder().resolve("result_0.txt"), "finished\n");
        String job = point.submit(RUN, "--nodes=2");
        cluster.awaitState(job, "COMPLETED 0 0:0");

        assertEquals("started\tn2\nfinished\ttarget reached\n", point.events(1));
    }
}
