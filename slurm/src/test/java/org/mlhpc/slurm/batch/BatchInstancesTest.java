package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several runs at the same time in one job, on a real Slurm of two nodes. */
class BatchInstancesTest {
    private static final String RUN = "batch_instances 2 1 run cosmoflow";

    @TempDir
    private static Path clusterFolder;

    private static ThrowawayCluster cluster;

    @TempDir
    private Path home;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster = ThrowawayCluster.start(clusterFolder);
    }

    @AfterEach
    void empty() throws IOException, InterruptedException {
        cluster.cancelAll();
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        cluster.close();
    }

    /** Each waits for the other, so one after the other would never end. */
    @Test
    void twoRunsTrainAtTheSameTimeEachOnItsOwnNode() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
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
        var point = new BatchPoint(
                cluster,
                home,
                """
                if [[ $index == 0 || -e checkpoints_1 ]]; then touch "result_$index.txt"; exit 0; fi
                while [[ ! -e stop_1 ]]; do sleep 0.1; done
                mkdir checkpoints_1; echo state >checkpoints_1/epoch_0001.json; exit 3
                """);
        String job = point.submit(RUN, "--nodes=2");
        point.awaitFile("result_0.txt");
        point.awaitFile("starts_1");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");

        assertEquals("n1\n", point.text("starts_0"));
        assertEquals("n2\nn2\n", point.text("starts_1"));
        assertTrue(point.events(1).contains("\nstopped\tstate saved\nrequeued\tTERM "), point.events(1));
    }
}
