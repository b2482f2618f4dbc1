package org.mlhpc.slurm.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.slurm.status.Event.Kind;
import org.mlhpc.slurm.status.RunState.Stage;

class RunStateTest {
    private static final Optional<QueuedJob> NOTHING = Optional.empty();

    private static History history(Object... kindsAndTexts) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < kindsAndTexts.length; i += 2) {
            events.add(new Event(Instant.EPOCH, "7_0", 0, (Kind) kindsAndTexts[i], (String) kindsAndTexts[i + 1]));
        }
        return new History(events);
    }

    private static Optional<QueuedJob> job(String state, String reason) {
        return Optional.of(new QueuedJob("7_0", state, reason, "", "10:00"));
    }

    private static RunState of(History history, boolean submitted, boolean answers, Optional<QueuedJob> job) {
        return RunState.of(history, submitted, answers, job, Optional.empty());
    }

    private static void assertState(Stage stage, String why, RunState state) {
        assertEquals(new RunState(stage, why), state);
    }

    @Test
    void beforeItsFirstStart() {
        assertState(Stage.UNSUBMITTED, "", of(history(), false, true, NOTHING));
        assertState(
                Stage.QUEUED, "pending: waits for free nodes", of(history(), true, true, job("PENDING", "Resources")));
        assertState(
                Stage.FAILED,
                "its job never began and is not in the queue: somebody cancelled it, or a job before it failed",
                of(history(), true, true, NOTHING));
        assertState(
                Stage.UNKNOWN, "its job never began, as far as the folder tells", of(history(), true, false, NOTHING));
    }

    @Test
    void whileItRuns() {
        var started = history(Kind.STARTED, "n1");
        assertState(Stage.RUNNING, "", of(started, true, true, job("RUNNING", "None")));
        var told = history(Kind.STARTED, "n1", Kind.SIGNAL, "TERM 60 s before the end of the job");
        assertState(
                Stage.STOPPING,
                "signal: TERM 60 s before the end of the job",
                of(told, true, true, job("RUNNING", "None")));
        assertState(Stage.UNKNOWN, "started", of(started, true, false, NOTHING));
    }

    @Test
    void betweenTheStartOfItsJobAndItsOwn() {
        assertState(Stage.RUNNING, "about to start", of(history(), true, true, job("RUNNING", "None")));
        var requeued = history(Kind.STARTED, "n1", Kind.STOPPED, "state saved", Kind.REQUEUED, "TERM");
        assertState(Stage.RUNNING, "about to start", of(requeued, true, true, job("RUNNING", "None")));
        var failed = history(Kind.STARTED, "n1", Kind.FAILED, "exit code 3: no space");
        var again = Optional.of(new QueuedJob("9_0", "RUNNING", "None", "n1", "10:00"));
        assertState(Stage.RUNNING, "about to start", of(failed, true, true, again));
    }

    /** Instances of a throughput campaign share a job. */
    @Test
    void whileItsJobRunsForOthers() {
        var failed = history(Kind.STARTED, "n1", Kind.FAILED, "exit code 3: no space");
        assertState(Stage.FAILED, "failed: exit code 3: no space", of(failed, true, true, job("RUNNING", "None")));
        var killed = history(Kind.STARTED, "n1", Kind.KILLED, "rank 1");
        assertState(Stage.STOPPING, "killed: rank 1", of(killed, true, true, job("RUNNING", "None")));
    }

    /** The job goes back to the queue for another instance. */
    @Test
    void whileItsJobWaitsToGoOnForOthers() {
        var failed = new History(List.of(
                new Event(Instant.EPOCH, "7", 0, Kind.STARTED, "n1"),
                new Event(Instant.EPOCH, "7", 0, Kind.FAILED, "exit code 3: no space"),
                new Event(Instant.EPOCH, "7", 1, Kind.PREFLIGHT, "n2: no network")));
        for (String state : List.of("PENDING", "RUNNING")) {
            var shared = Optional.of(new QueuedJob("7", state, "None", "", "10:00"));
            assertState(Stage.FAILED, "failed: exit code 3: no space", of(failed, true, true, shared));
        }
        var anew = Optional.of(new QueuedJob("8", "PENDING", "None", "", "10:00"));
        assertEquals(Stage.REQUEUED, of(failed, true, true, anew).stage());
    }

    /** Such as a module that cannot be loaded. */
    @Test
    void afterItsJobEndedBeforeTheRunBegan() {
        assertState(
                Stage.FAILED,
                "its job ended before the run was started: see jobs/train-nodes_1-7_0.out; Slurm: failed: it ended with an"
                        + " error: the files in jobs/ and log_<run>.txt say which",
                RunState.of(
                        history(),
                        true,
                        true,
                        job("FAILED", "NonZeroExitCode"),
                        Optional.of(Path.of("jobs/train-nodes_1-7_0.out"))));
    }

    @Test
    void aBrokenNodeIsNoEnd() {
        var history = history(Kind.STARTED, "n1", Kind.PREFLIGHT, "n2: its clock is 5 s off");
        assertState(Stage.RUNNING, "", of(history, true, true, job("RUNNING", "None")));
    }

    @Test
    void heldAfterASpecialExitItWaits() {
        assertEquals(
                Stage.REQUEUED,
                of(history(Kind.STARTED, "n1"), true, true, job("SPECIAL_EXIT", "JobHeldUser"))
                        .stage());
    }

    @Test
    void whileItWaitsForAFurtherStart() {
        var killed = history(
                Kind.STARTED,
                "n1",
                Kind.KILLED,
                "rank 1 on n2 was killed by signal 9 (Killed)",
                Kind.REQUEUED,
                "retry 1 of 3");
        assertState(
                Stage.REQUEUED,
                "killed: rank 1 on n2 was killed by signal 9 (Killed); pending: Slurm waits a while before it starts a job again",
                of(killed, true, true, job("PENDING", "BeginTime")));
    }

    @Test
    void whatToldItToEndIsSaidToo() {
        var told = history(
                Kind.STARTED,
                "n1",
                Kind.SIGNAL,
                "TERM 60 s before the end of the job",
                Kind.STOPPED,
                "state saved: epoch 2, step 3",
                Kind.REQUEUED,
                "TERM 60 s before the end of the job");
        assertState(
                Stage.REQUEUED,
                "signal: TERM 60 s before the end of the job; stopped: state saved: epoch 2, step 3; pending: waits for free"
                        + " nodes",
                of(told, true, true, job("PENDING", "Resources")));
        var killed = history(Kind.STARTED, "n1", Kind.SIGNAL, "TERM", Kind.KILLED, "rank 1", Kind.REQUEUED, "retry");
        assertState(Stage.STOPPED, "killed: rank 1", of(killed, true, true, NOTHING));
    }

    @Test
    void afterItWasGivenUp() {
        var failed = history(Kind.STARTED, "n1", Kind.FAILED, "exit code 3: no space");
        assertState(Stage.FAILED, "failed: exit code 3: no space", of(failed, true, true, job("FAILED", "None")));
        assertState(Stage.FAILED, "failed: exit code 3: no space", of(failed, true, false, NOTHING));
    }

    @Test
    void afterItsJobHasGone() {
        var stopped = history(Kind.STARTED, "n1", Kind.STOPPED, "state saved", Kind.REQUEUED, "TERM");
        assertState(
                Stage.STOPPED,
                "stopped: state saved; Slurm: cancelled: somebody cancelled it",
                of(stopped, true, true, job("CANCELLED", "None")));
        var started = history(Kind.STARTED, "n1");
        assertState(
                Stage.FAILED,
                "Slurm: timeout: its time limit was reached before its state was saved: ask for more --time",
                of(started, true, true, job("TIMEOUT", "TimeLimit")));
        assertState(
                Stage.FAILED,
                "its job has gone without a word: a node failed, or somebody cancelled it",
                of(started, true, true, NOTHING));
    }
}
