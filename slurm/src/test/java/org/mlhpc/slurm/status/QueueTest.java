package org.mlhpc.slurm.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueTest {
    /** As Slurm 22.05 prints it. */
    private static final String SQUEUE =
            """
            12_0|COMPLETED|1:00|n1|None
            12_1|RUNNING|1-00:59:30|n[1-2]|None
            12_2|PENDING|2:00:00||JobArrayTaskLimit
            14|OUT_OF_MEMORY|0:00|n1|OutOfMemory
            """;

    private static Queue ask(String squeue, String sacct) {
        return Queue.ask(List.of("12", "14"), command -> {
            assertTrue(command.toString().contains("--jobs=12,14"), command::toString);
            assertTrue(!command.get(0).equals("squeue") || command.contains("--all"), "hidden partitions, too");
            String answer = command.get(0).equals("squeue") ? squeue : sacct;
            if (answer.startsWith("error: ")) {
                throw new IOException(answer);
            }
            return answer;
        });
    }

    @Test
    void tasksAreFoundByIdAndIndex() {
        Queue queue = ask(SQUEUE, "error: accounting is disabled");

        assertTrue(queue.answers());
        QueuedJob running = queue.newest(List.of("12"), 1).orElseThrow();
        assertTrue(running.runs() && !running.waits());
        assertEquals("n[1-2]", running.nodes());
        assertEquals(Optional.of(Duration.ofHours(25).minusSeconds(30)), running.limit());
        QueuedJob waiting = queue.newest(List.of("12"), 2).orElseThrow();
        assertTrue(waiting.waits() && !waiting.runs());
        assertEquals("pending: as many runs as --at-once allows are under way", waiting.explained());
        assertEquals(Optional.empty(), queue.newest(List.of("12"), 7));
    }

    @Test
    void theJobThatWasSubmittedLastCounts() {
        Queue queue = ask(SQUEUE, "");

        assertEquals("14", queue.newest(List.of("12", "14"), 1).orElseThrow().id());
        assertEquals(
                "out of memory: its memory was used up: ask for more --mem, fewer ranks per node, or a smaller batch",
                queue.newest(List.of("12", "14"), 1).orElseThrow().explained());
    }

    @Test
    void accountsTellOfJobsThatHaveLeftTheQueue() {
        Queue queue = ask(
                "error: slurm_load_jobs error: Invalid job id specified",
                "12_[2-9]|PENDING|10:00|None assigned|None\n12_1|CANCELLED by 1000|10:00|n1|None\n14|NODE_FAIL|10:00|n2|None\n");

        assertTrue(queue.answers());
        assertEquals(
                "cancelled: somebody cancelled it",
                queue.newest(List.of("12"), 1).orElseThrow().explained());
        assertEquals(
                "node fail: one of its nodes failed",
                queue.newest(List.of("14"), 0).orElseThrow().explained());
        assertEquals(
                Optional.empty(), queue.newest(List.of("14"), 0).orElseThrow().limit());
    }

    @Test
    void silenceIsNoAnswer() {
        Queue queue = ask("error: Unable to contact slurm controller", "error: no");

        assertFalse(queue.answers());
        assertEquals(Optional.of("error: Unable to contact slurm controller"), queue.silence());
    }

    @Test
    void whatSlurmSaysIsPutIntoWords() {
        assertEquals("running", new QueuedJob("1", "RUNNING", "None", "n1", "1:00").explained());
        assertEquals(
                "pending: a node that it needs is down, reserved or excluded",
                new QueuedJob("1", "PENDING", "ReqNodeNotAvail, UnavailableNodes:n2", "", "1:00").explained());
        assertEquals("pending: SomethingNew", new QueuedJob("1", "PENDING", "SomethingNew", "", "").explained());
        assertEquals(Optional.empty(), new QueuedJob("1", "RUNNING", "None", "n1", "UNLIMITED").limit());
    }
}
