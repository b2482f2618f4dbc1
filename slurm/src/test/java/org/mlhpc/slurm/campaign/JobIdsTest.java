package org.mlhpc.slurm.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.slurm.campaign.Campaign.Job;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.site.Site;

/** Which jobs are a campaign's, so that none is doubled, and none is left behind when a submission fails. */
class JobIdsTest {
    @TempDir
    private Path out;

    private Submission sweep() throws IOException {
        return Submission.of(
                Requests.in(out).runs(3, Point.single(1, 2), Point.single(2, 2)),
                Site.plain(),
                Optional.empty(),
                List.of("slurm", "submit"),
                Instant.EPOCH);
    }

    private static Map<String, List<String>> ids(Campaign campaign) {
        return campaign.jobs().stream().collect(Collectors.toMap(Job::name, Job::ids));
    }

    @Test
    void jobsThatAreStillQueuedAreNotDoubled() throws IOException {
        sweep().submit(new StandInQueue());
        var queue = new StandInQueue();
        queue.queued.addAll(Set.of("103", "999"));
        Submission again = sweep();

        var e = assertThrows(IOException.class, () -> again.submit(queue));
        assertTrue(e.getMessage().contains("still in the queue: 103;"), e.getMessage());
        assertEquals(List.of(), queue.submitted);
    }

    /** Where requeueing is not allowed, a job puts another one into the queue for itself. */
    @Test
    void jobsThatPutThemselvesIntoTheQueueAreNotDoubled() throws IOException {
        sweep().submit(new StandInQueue());
        Files.createDirectories(out.resolve("nodes_2"));
        Files.writeString(out.resolve("nodes_2/events_1.tsv"), "2026-11-28T20:30:00Z\t103_1\t0\tresubmitted\t207\n");
        var queue = new StandInQueue();
        queue.queued.add("207");
        Submission again = sweep();

        var e = assertThrows(IOException.class, () -> again.submit(queue));
        assertTrue(e.getMessage().contains("still in the queue: 207;"), e.getMessage());
    }

    @Test
    void ifOneIsRefusedThoseBeforeItAreTakenBack() throws IOException {
        var queue = new StandInQueue();
        queue.refused = "train-nodes_2.sbatch";
        Submission submission = sweep();

        var e = assertThrows(IOException.class, () -> submission.submit(queue));
        assertEquals(
                "train-nodes_2 was not submitted: sbatch: Invalid account; the jobs that Slurm had taken were taken back: 101 102",
                e.getMessage());
        assertEquals(Set.of("101", "102"), Set.copyOf(queue.cancelled));
        assertEquals(List.of("101"), ids(CampaignFile.read(out)).get("data"));
    }

    @Test
    void ifAnIdCannotBeRecordedItsJobIsTakenBack() throws IOException {
        var queue = new StandInQueue();
        queue.after = name -> {
            Files.delete(out.resolve(CampaignFile.NAME));
            Files.createDirectory(out.resolve(CampaignFile.NAME));
        };
        Submission submission = sweep();

        var e = assertThrows(IOException.class, () -> submission.submit(queue));
        assertEquals(List.of("101"), queue.cancelled);
        assertTrue(e.getMessage().startsWith("data was not submitted: cannot write " + out), e.getMessage());
    }

    @Test
    void jobsThatCannotBeTakenBackAreNamed() throws IOException {
        var queue = new StandInQueue();
        queue.refused = "collect.sbatch";
        queue.after = name -> queue.silent = true;
        Submission submission = sweep();

        var e = assertThrows(IOException.class, () -> submission.submit(queue));
        assertTrue(e.getMessage().endsWith("could not be taken back (no answer): scancel 101 102 103"), e.getMessage());
    }

    @Test
    void commandsForAShellRecordTheIds() throws Exception {
        Submission submission = sweep();
        submission.write();
        Path programs = Files.createDirectories(out.resolve("programs"));
        Path sbatch = Files.writeString(
                programs.resolve("sbatch"), "#!/bin/bash\necho $((${#1} + $(wc -c <\"${@: -1}\")))\n");
        assertTrue(sbatch.toFile().setExecutable(true));
        Process shell =
                new ProcessBuilder("bash", "-c", "PATH=" + programs + ":$PATH\n" + submission.commands()).start();

        assertEquals(0, shell.waitFor());
        for (Job job : JobIds.completed(out, CampaignFile.read(out)).jobs()) {
            assertEquals(1, job.ids().size(), job.name());
        }
    }

    /** Jobs write down their ids when they begin. */
    @Test
    void jobsThatWereSubmittedByHandAreNotDoubled() throws IOException {
        sweep().write();
        Files.writeString(out.resolve("jobs/train-nodes_2.ids"), "55_0\n55_1\n\n9;cluster");
        var queue = new StandInQueue();
        queue.queued.addAll(Set.of("55", "9"));
        Submission again = sweep();

        var e = assertThrows(IOException.class, () -> again.submit(queue));
        assertTrue(e.getMessage().contains("still in the queue: 55 9;"), e.getMessage());
        assertEquals(
                List.of("9", "55"),
                ids(JobIds.completed(out, CampaignFile.read(out))).get("train-nodes_2"));
    }

    @Test
    void theOutputOfTheNewestJobThatBeganIsFound() throws IOException {
        Job job = sweep().planned().get(2).job().withIds(List.of("9", "11", "30"));
        Files.createDirectories(out.resolve("jobs"));
        for (String name : List.of("9_1", "11_1", "11_2")) {
            Files.createFile(out.resolve("jobs/train-nodes_2-" + name + ".out"));
        }
        assertEquals(Optional.of(Path.of("jobs/train-nodes_2-11_1.out")), JobOutput.newest(out, job, job.ids(), 1));
        assertEquals(Optional.empty(), JobOutput.newest(out, job, job.ids(), 0));
    }
}
