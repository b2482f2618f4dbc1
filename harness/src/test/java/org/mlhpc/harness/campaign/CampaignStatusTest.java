package org.mlhpc.harness.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.slurm.status.RunState;
import org.mlhpc.slurm.status.RunState.Stage;

class CampaignStatusTest {
    private static final String QUEUE =
            """
            7_1|RUNNING|1:00:00|n[1-2]|None
            7_2|PENDING|2:00:00||BeginTime
            7_3|FAILED|0:00|n1|NonZeroExitCode
            """;

    @TempDir
    private Path folder;

    private SampleCampaign campaign;

    @BeforeEach
    void work() throws IOException {
        campaign = new SampleCampaign(folder, "7")
                .finished(0, 6)
                .events(0, "0|started|n1,n2", "0|finished|target reached")
                .growing(1, 2)
                .events(1, "0|started|n1,n2")
                .growing(2, 4)
                .events(
                        2,
                        "0|started|n1,n2",
                        "0|killed|rank 1 on n2 was killed by signal 9 (Killed)",
                        "0|requeued|retry 1 of 3",
                        "1|started|n1,n2",
                        "1|stopped|state saved",
                        "1|requeued|TERM")
                .events(3, "0|started|n1,n2", "0|failed|exit code 3: no space");
    }

    private CampaignStatus status(String squeue) throws IOException {
        return CampaignStatus.read(folder, command -> {
            if (squeue.isEmpty() || !command.get(0).equals("squeue")) {
                throw new IOException(command.get(0) + ": no answer");
            }
            return squeue;
        });
    }

    @Test
    void everyRunHasItsStageAndWhy() throws IOException {
        List<RunStatus> runs = status(QUEUE).runs();

        assertEquals(
                List.of(Stage.FINISHED, Stage.RUNNING, Stage.REQUEUED, Stage.FAILED),
                runs.stream().map(run -> run.state().stage()).toList());
        assertTrue(
                runs.get(2).state().why().contains("state saved"),
                runs.get(2).state().why());
        assertTrue(
                runs.get(3).state().why().contains("no space"),
                runs.get(3).state().why());
        assertEquals(
                List.of("7_0", "7_1", "7_2", "7_3"),
                runs.stream().map(RunStatus::job).toList());
        assertEquals(2, runs.get(2).starts());
        assertEquals(Duration.ofHours(2), runs.get(2).waited());
        assertEquals(Optional.of(Duration.ofHours(1)), runs.get(1).limit());
        assertEquals(Optional.empty(), runs.get(2).limit());
    }

    @Test
    void progressIsThatOfTheLogsWithoutTheLineAtTheirEnd() throws IOException {
        List<RunStatus> runs = status(QUEUE).runs();
        RunProgress finished = runs.get(0).progress().orElseThrow();
        RunProgress growing = runs.get(1).progress().orElseThrow();

        assertTrue(finished.finished() && finished.reached());
        assertEquals(6, finished.epochs());
        assertEquals(0.12, finished.quality().orElseThrow());
        assertEquals(25, finished.secondsPerEpoch().orElseThrow(), 1e-9);
        // 10 s of staging, 6 epochs of 25 s, 5 s at the end.
        assertEquals(165.0 / 60, finished.minutes().orElseThrow(), 1e-9);
        assertEquals(2, growing.epochs());
        assertEquals(25, growing.secondsPerEpoch().orElseThrow(), 1e-9);
        assertEquals(0.3, growing.quality().orElseThrow());
        assertTrue(growing.minutes().isEmpty());
    }

    /** Four epochs are missing to the six of the finished run. */
    @Test
    void theTimeToTheTargetIsThatOfTheFinishedRuns() throws IOException {
        assertEquals(100, status(QUEUE).runs().get(1).restSeconds().orElseThrow(), 1e-9);

        campaign.growing(1, 7);
        assertTrue(status(QUEUE).runs().get(1).restSeconds().isEmpty(), "more epochs than those that finished");

        Files.delete(campaign.point().resolve("result_0.txt"));
        assertTrue(status(QUEUE).runs().get(2).restSeconds().isEmpty(), "nothing to go by");
    }

    @Test
    void theFolderAloneTellsWhatItCan() throws IOException {
        CampaignStatus status = status("");

        assertEquals(Map.of(Stage.FINISHED, 1L, Stage.UNKNOWN, 2L, Stage.FAILED, 1L), status.counts());
        assertTrue(status.queue().silence().orElseThrow().contains("no answer"));
        assertTrue(NextStep.of(status).contains("Slurm does not answer"), NextStep.of(status));
    }

    @Test
    void brokenNodesComeWithTheOptionThatLeavesThemOut() throws IOException {
        Files.writeString(
                campaign.point().resolve("bad_nodes"),
                "n9\tits clock is 5 s off\t2100-01-01T00:00:00Z\nn4\tno memory\t2100-01-01T00:00:00Z\nn5\told\t2020-01-01T00:00:00Z\n");

        assertEquals(Optional.of("--exclude=n4,n9"), status(QUEUE).exclude());
        assertEquals("its clock is 5 s off", status(QUEUE).badNodes().get(1).reason());
    }

    @Test
    void theNextStepIsACommandThatFits() throws IOException {
        assertEquals(
                "1 run needs help: see why, mend it, and repeat ./mlhpc slurm submit cosmoflow --out 'my campaign',"
                        + " once the other runs have left the queue",
                NextStep.of(status(QUEUE)));

        String stuck = NextStep.of(status(QUEUE.replace("BeginTime", "DependencyNeverSatisfied")));
        assertTrue(stuck.startsWith("jobs that never start: scancel 7; "), stuck);

        Files.delete(campaign.point().resolve("events_3.tsv"));
        campaign.finished(3, 5);
        assertEquals("nothing: all unfinished runs go on by themselves", NextStep.of(status(QUEUE)));

        campaign.finished(1, 5).finished(2, 5);
        assertEquals("all runs are finished: ./mlhpc slurm collect " + folder, NextStep.of(status("")));
    }

    @Test
    void jobsThatRunsHaveSubmittedThemselvesCount() throws IOException {
        campaign.events(2, "0|started|n1,n2", "0|stopped|state saved", "0|resubmitted|19");

        RunStatus run = status("7_2|CANCELLED|0:00||None\n19_2|RUNNING|5:00|n1|None\n")
                .runs()
                .get(2);

        assertEquals(Stage.RUNNING, run.state().stage());
        assertEquals("19_2", run.job());
    }

    /** The commands that {@code slurm script} prints were pasted into a shell. */
    @Test
    void jobsThatWereSubmittedByHandCount() throws IOException {
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(jobs.resolve("train-nodes_2.ids"), "21_1\n21_2\n");

        RunStatus run = status("7_1|CANCELLED|0:00||None\n21_1|RUNNING|5:00|n1|None\n")
                .runs()
                .get(1);

        assertEquals("21_1", run.job());
    }

    /** Slurm knows it as the newest one. */
    @Test
    void aJobThatLeftTheRunAloneDoesNotCount() throws IOException {
        Files.writeString(
                campaign.point().resolve("events_1.tsv"),
                "2026-11-28T04:00:00Z\t21_1\t0\trefused\tjob 7_1 is at work on this run\n",
                StandardOpenOption.APPEND);
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(jobs.resolve("train-nodes_2.ids"), "21\n");

        RunStatus run =
                status(QUEUE + "21_1|FAILED|0:00|n3|NonZeroExitCode\n").runs().get(1);

        assertEquals(Stage.RUNNING, run.state().stage());
        assertEquals("7_1", run.job());
    }

    @Test
    void theOutputOfAJobThatNeverStartedItsRunIsNamed() throws IOException {
        Files.delete(campaign.point().resolve("events_3.tsv"));
        Files.createFile(Files.createDirectories(folder.resolve("jobs")).resolve("train-nodes_2-7_3.out"));

        RunState state = status(QUEUE).runs().get(3).state();

        assertEquals(Stage.FAILED, state.stage());
        assertTrue(state.why().contains("see jobs/train-nodes_2-7_3.out"), state.why());
    }

    /** It says of the job before it neither that its memory was used up nor that it was not. */
    @Test
    void theOutputOfAJobThatLeftTheRunAloneDoesNotCount() throws IOException {
        Files.writeString(
                campaign.point().resolve("events_3.tsv"),
                "2026-11-28T04:00:00Z\t21_3\t0\trefused\tjob 7_3 is at work on this run\n");
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(jobs.resolve("train-nodes_2.ids"), "21\n");
        Files.writeString(jobs.resolve("train-nodes_2-7_3.out"), "slurmstepd-n1: error: Exceeded job memory limit\n");
        Files.createFile(jobs.resolve("train-nodes_2-21_3.out"));

        RunState state = status(QUEUE).runs().get(3).state();

        assertTrue(state.why().contains("memory"), state.why());
    }

    @Test
    void aFolderWithoutCampaignIsRefused() {
        String message = assertThrows(
                        IOException.class, () -> CampaignStatus.read(folder.resolve("nodes_2"), command -> ""))
                .getMessage();
        assertTrue(message.contains("campaign.json"), message);
    }
}
