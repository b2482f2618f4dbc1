package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What jobs do with the queue, and how they keep out of each other's way, on a real Slurm of two nodes. */
@Tag("slurm")
class BatchQueueTest {
    private static final String RUN = "batch_run 0 run cosmoflow";

    @RegisterExtension
    private static final ThrowawayCluster cluster = new ThrowawayCluster();

    @TempDir
    private Path home;

    /** Slurm's controller has no time for the first request. */
    @Test
    void aRequeueWithoutAnAnswerIsAskedForAgainAndNoSecondJobIsMade() throws Exception {
        var point = new BatchPoint(cluster, home, BatchPoint.SAVES);
        point.program(
                "scontrol",
                """
                if [[ $1 == requeue && ! -e ${0%/*}/asked ]]; then
                    touch "${0%/*}/asked"
                    echo 'scontrol: error: Socket timed out on send/recv operation' >&2
                    exit 1
                fi
                exec /usr/bin/scontrol "$@"
                """);
        String job = point.submit("PATH=$home/bin:$PATH\n" + RUN);
        point.awaitFile("running_0");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.awaitState(job, "PENDING 1 .*");

        assertTrue(point.text("output").contains("Socket timed out"), point.text("output"));
        assertFalse(point.events(0).contains("resubmitted"), point.events(0));
    }

    @Test
    void whatWaitsForAJobWaitsForTheOneThatTakesItsPlace() throws Exception {
        var point =
                new BatchPoint(cluster, home, "saved && until [[ -e go ]]; do sleep 0.1; done\n" + BatchPoint.SAVES);
        String job = point.submit(
                "echo \"${SLURM_RESTART_COUNT-none}\" >>\"$batch_point/restarts\"; export SLURM_RESTART_COUNT=7\n"
                        + RUN,
                "--no-requeue");
        point.awaitFile("running_0");
        String collect = cluster.run(
                "sbatch", "--parsable", "--dependency=afterany:" + job, "--output=/dev/null", "--wrap=true");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        point.awaitEvents(0, ".*\nresubmitted\t\\d+\n.*");
        String anew = point.events(0).replaceAll("(?s).*\nresubmitted\t(\\d+)\n.*", "$1");
        cluster.awaitState(job, "FAILED 0 3:0");
        cluster.awaitState(anew, "RUNNING .*");
        String waiting = cluster.run("scontrol", "--oneliner", "show", "job", collect);
        assertTrue(waiting.matches("(?s).* Dependency=(\\S*,)?afterany:" + anew + "\\b.*"), waiting);
        Files.createFile(point.folder().resolve("go"));
        cluster.awaitState(collect, "COMPLETED .*");

        assertEquals("none\nnone\n", point.text("restarts"));
        assertTrue(point.events(0).endsWith("finished\ttarget reached\n"), point.events(0));
    }

    @Test
    void twoJobsNeverWriteToOneRun() throws Exception {
        var point = new BatchPoint(cluster, home, BatchPoint.SAVES);
        String first = point.submit(RUN, "--nodelist=n1");
        point.awaitFile("running_0");
        String second = point.submit(RUN, "--nodelist=n2");
        cluster.awaitState(second, "FAILED 0 3:0");

        assertEquals("all\n", point.text("starts_0"));
        assertTrue(point.events(0).endsWith("\nrefused\tjob " + first + " is at work on this run\n"), point.events(0));

        cluster.run("scancel", "--signal=KILL", "--full", first);
        cluster.awaitState(first, "(FAILED|CANCELLED|NODE_FAIL) .*");
        String third = point.submit(RUN, "--nodelist=n2");
        point.awaitEvents(0, ".*\nrefused\t.*\nstarted\tn2\n");
        assertTrue(point.text("run_0.owner").equals(third + "\n"), point.text("run_0.owner"));
    }

    @Test
    void aScriptThatFailsBeforeItsRunSaysSo() throws Exception {
        var point = new BatchPoint(cluster, home, BatchPoint.SAVES);
        String job = point.submit(": \"${SCRATCH_OF_NOBODY:?is not set here}\"\n" + RUN);
        cluster.awaitState(job, "FAILED 0 3:0");

        assertEquals(
                "failed\texit code 3: the script of the job failed: see " + point.folder() + "/output\n",
                point.events(0));
    }

    @Test
    void aCampaignLearnsTheNumbersOfItsJobs() throws Exception {
        var point = new BatchPoint(cluster, home, "touch result_0.txt");
        Path jobs = Files.createDirectory(home.resolve("jobs"));
        Files.createFile(jobs.resolve("train-nodes_1.sbatch"));
        String job = point.submit(RUN, "--job-name=mlhpc-cosmoflow-train-nodes_1");
        cluster.awaitState(job, "COMPLETED 0 0:0");

        assertEquals(job + "\n", Files.readString(jobs.resolve("train-nodes_1.ids")));
    }
}
