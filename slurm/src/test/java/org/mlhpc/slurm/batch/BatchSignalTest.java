package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are told to end, on a real Slurm of two nodes. */
@Tag("slurm")
class BatchSignalTest {
    private static final String RUN = "batch_run 0 run cosmoflow";

    @RegisterExtension
    private static final ThrowawayCluster cluster = new ThrowawayCluster();

    @TempDir
    private Path home;

    /** Slurm sends the signal some time in the minute before the one that is asked for. */
    @Test
    void nearTheTimeLimitARunSavesItsStateAndGoesOnFromTheQueue() throws Exception {
        var point = new BatchPoint(cluster, home, BatchPoint.SAVES);
        String job = point.submit(RUN, "--nodes=2", "--time=1", "--signal=B:TERM@50");
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");

        String[] events = point.events(0).split("\n", -1);
        assertEquals("started\tn1,n2", events[0]);
        assertTrue(events[1].matches("signal\tTERM \\d+ s before the end of the job"), events[1]);
        assertEquals("stopped\tstate saved: epoch 1, step 2", events[2]);
        assertTrue(events[3].startsWith("requeued\tTERM "), events[3]);
        assertEquals("started\tn1,n2", events[4]);
        assertEquals("finished\ttarget reached", events[5]);
        assertTrue(point.text("events_0.tsv").startsWith("20"), "events begin with the time");
        assertTrue(point.text("events_0.tsv").contains("Z\t" + job + "\t1\tfinished\t"), point.text("events_0.tsv"));
    }

    @Test
    void aRunThatDoesNotSaveIsEndedInTimeToGoBackToTheQueue() throws Exception {
        var point = new BatchPoint(
                cluster, home, "trap 'touch ended; kill $!; exit 143' TERM; touch running; sleep 100 & wait");
        // The margin is longer than what is left, so the run is ended at once.
        String job = point.submit(Map.of("MLHPC_STOP_MARGIN", "1200"), RUN, "--time=10");
        point.awaitFile("running");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.awaitState(job, "PENDING 1 .*");

        assertTrue(point.has("ended"));
        assertTrue(point.events(0).contains("stopped\tended without saving its state"), point.events(0));
    }

    /** Whatever the launcher made of the signal. */
    @Test
    void aRunThatEndsByItselfWhenItIsToldToIsFinished() throws Exception {
        var point = new BatchPoint(cluster, home, "await_stop; touch result_0.txt; exit 143");
        String job = point.submit(RUN);
        point.awaitFile("running_0");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.awaitState(job, "COMPLETED 0 0:0");

        assertTrue(
                point.events(0).matches("started\tn[12]\nsignal\tTERM .*\nfinished\ttarget reached\n"),
                point.events(0));
    }

    @Test
    void aJobThatItsOwnerCancelsIsNotRevived() throws Exception {
        var point = new BatchPoint(cluster, home, "touch running; sleep 100");
        String job = point.submit(RUN);
        point.awaitFile("running");
        cluster.run("scancel", job);
        point.awaitEvents(0, ".*\nfailed\tthe job was cancelled\n");

        cluster.awaitState(job, "CANCELLED 0 .*");
        assertFalse(point.events(0).contains("requeued"), point.events(0));
    }

    @Test
    void aJobThatSlurmPutsBackSaysSo() throws Exception {
        var point = new BatchPoint(cluster, home, "touch running; sleep 100");
        String job = point.submit(RUN);
        point.awaitFile("running");
        cluster.run("scontrol", "requeue", job);
        cluster.awaitState(job, "PENDING 1 .*");

        point.awaitEvents(0, ".*\nrequeued\tby Slurm \\(preemption\\) or by hand \\(scontrol requeue\\)\n");
    }

    @Test
    void whereRequeueingIsNotAllowedTheSameScriptIsSubmittedAnew() throws Exception {
        var point = new BatchPoint(cluster, home, BatchPoint.SAVES);
        String job = point.submit("cd \"$batch_point\"\n" + RUN, "--no-requeue");
        point.awaitFile("running_0");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        point.awaitEvents(0, ".*\nresubmitted\t\\d+\nstarted\tn[12]\nfinished\ttarget reached\n");

        cluster.awaitState(job, "FAILED 0 3:0");
    }

    @Test
    void aFinishedRunIsNotRepeated() throws Exception {
        var point = new BatchPoint(cluster, home, "exit 0");
        Files.writeString(
                point.folder().resolve("result_0.txt"),
                ":::MLLOG {\"key\": \"run_stop\", \"metadata\": {\"status\": \"aborted\"}}\n");
        String job = point.submit(RUN);
        cluster.awaitState(job, "FAILED 0 1:0");

        assertFalse(point.has("starts_0"), "mlhpc is not started");
        assertEquals("", point.events(0));
        assertTrue(point.text("output").contains("run 0 is finished already"), point.text("output"));
    }

    /** In an array the bare number of the last task's job is that of all. */
    @Test
    void aTaskOfAnArrayPutsItselfAloneBack() throws Exception {
        var point = new BatchPoint(cluster, home, "((index == 1)) || finish\n" + BatchPoint.SAVES);
        String array = point.submit("batch_run \"$SLURM_ARRAY_TASK_ID\" run cosmoflow", "--array=0-1");
        point.awaitFile("running_1");
        point.awaitFile("result_0.txt");
        cluster.run("scancel", "--signal=TERM", "--batch", array + "_1");
        cluster.startAgain(array + "_1", 1);
        point.awaitEvents(1, ".*finished\ttarget reached\n");

        assertEquals("started\tn1\nfinished\ttarget reached\n", point.events(0).replace("n2", "n1"));
        assertTrue(point.text("events_1.tsv").contains("\t" + array + "_1\t1\tstarted\t"), point.text("events_1.tsv"));
    }

    @Test
    void aRunThatComesNoFurtherIsNotPutBackForEver() throws Exception {
        var point = new BatchPoint(
                cluster, home, "await_stop; rm running_0 stop_0; exit_because stopped 'epoch 0, step 0'");
        String job = point.submit(RUN);
        for (int restart = 1; restart <= 3; restart++) {
            point.awaitFile("running_0");
            cluster.run("scancel", "--signal=TERM", "--batch", job);
            if (restart < 3) {
                cluster.startAgain(job, restart);
            }
        }
        cluster.awaitState(job, "FAILED 2 3:0");
        assertTrue(
                point.events(0).endsWith("\nfailed\tno new checkpoint in 3 starts: ask for more --time\n"),
                point.events(0));
    }

    @Test
    void aJobIsNotStartedAgainMoreOftenThanAllowed() throws Exception {
        var point = new BatchPoint(cluster, home, BatchPoint.SAVES);
        String job = point.submit(Map.of("MLHPC_MOST_RESTARTS", "0"), RUN);
        point.awaitFile("running_0");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.awaitState(job, "FAILED 0 3:0");

        assertTrue(point.events(0).contains("\nfailed\tstarted again 0 times already: "), point.events(0));
    }

    /** A full disk, say: nobody may take that for a saved state. */
    @Test
    void aRunThatFailsWhileItSavesIsAFailure() throws Exception {
        var point = new BatchPoint(cluster, home, "await_stop; rm stop_0; echo 'mlhpc: no space left' >&2; exit 3");
        String job = point.submit(RUN);
        point.awaitFile("running_0");
        cluster.run("scancel", "--signal=TERM", "--batch", job);
        cluster.awaitState(job, "FAILED 0 3:0");

        assertTrue(point.events(0).endsWith("\nfailed\texit code 3: mlhpc: no space left\n"), point.events(0));
    }

    @Test
    void aRunThatIsAskedToStopByHandStaysStopped() throws Exception {
        var point = new BatchPoint(cluster, home, BatchPoint.SAVES);
        String job = point.submit(RUN);
        point.awaitFile("running_0");
        Files.createFile(point.folder().resolve("stop_0"));
        cluster.awaitState(job, "FAILED 0 3:0");

        assertTrue(point.events(0).endsWith("\nstopped\tstate saved: epoch 1, step 2\n"), point.events(0));
    }
}
