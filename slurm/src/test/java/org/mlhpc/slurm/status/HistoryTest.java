package org.mlhpc.slurm.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.slurm.status.Event.Kind;

class HistoryTest {
    private static final String STOPPED_AND_STARTED_AGAIN =
            """
            2026-11-28T01:00:00Z\t7_3\t0\tstarted\tn1,n2
            2026-11-28T02:00:00Z\t7_3\t0\tsignal\tTERM 120 s before the end of the job
            2026-11-28T02:00:10Z\t7_3\t0\tstopped\tstate saved
            2026-11-28T02:00:11Z\t7_3\t0\trequeued\tTERM 120 s before the end of the job
            2026-11-28T02:30:10Z\t7_3\t1\tstarted\tn3,n4
            """;

    @TempDir
    private Path folder;

    private History history(String lines) throws IOException {
        return History.read(Files.writeString(folder.resolve("events_3.tsv"), lines));
    }

    @Test
    void countsStartsAndTheTimeBetweenThem() throws IOException {
        History history = history(STOPPED_AND_STARTED_AGAIN);

        assertEquals(2, history.starts());
        assertEquals(Optional.of("n3,n4"), history.nodes());
        assertEquals(Duration.ofMinutes(30), history.waited());
        assertEquals(Optional.empty(), history.ending());
    }

    @Test
    void whatEndedAStartIsTheFirstThatWasSaidOfItsEnd() throws IOException {
        History history = history(
                STOPPED_AND_STARTED_AGAIN
                        + """
                2026-11-28T03:00:00Z\t7_3\t1\tkilled\trank 1 on n4 was killed by signal 9 (Killed)
                2026-11-28T03:00:01Z\t7_3\t1\trequeued\tretry 1 of 3
                """);

        assertEquals(Optional.of(Kind.KILLED), history.ending().map(Event::kind));
        assertEquals(Optional.empty(), history.givenUp());
        assertEquals("7_3", history.last().orElseThrow().job());
        assertEquals(1, history.last().orElseThrow().restart());
    }

    @Test
    void aRunThatSomebodyStartedAgainIsNotGivenUp() throws IOException {
        String failed = STOPPED_AND_STARTED_AGAIN + "2026-11-28T03:00:00Z\t7_3\t1\tfailed\texit code 3: no space\n";
        assertEquals(
                Optional.of("exit code 3: no space"), history(failed).givenUp().map(Event::text));

        History again = history(failed + "2026-11-28T04:00:00Z\t9_3\t0\tstarted\tn1,n2\n");
        assertEquals(Optional.empty(), again.givenUp());
        assertEquals(Duration.ofMinutes(90), again.waited());
    }

    /** The nodes of a preflight before the first start are no time lost between starts. */
    @Test
    void waitingForTheFirstStartDoesNotCount() throws IOException {
        History history = history(
                """
                2026-11-28T01:00:00Z\t7\t0\tpreflight\tn1: /data cannot be read
                2026-11-28T01:00:01Z\t7\t0\trequeued\twithout n1
                2026-11-28T02:00:00Z\t7\t1\tstarted\tn2
                """);

        assertEquals(Duration.ZERO, history.waited());
        assertEquals(1, history.all(Kind.PREFLIGHT).size());
    }

    /** It may have been submitted before the other was done, and come again later. */
    @Test
    void aRefusedJobIsNotTheRunsUnlessItHasStartedItAfterAll() throws IOException {
        String refused =
                STOPPED_AND_STARTED_AGAIN + "2026-11-28T03:00:00Z\t9_3\t0\trefused\tjob 7_3 is at work on this run\n";
        assertEquals(List.of("7"), history(refused).withoutRefused(List.of("7", "9")));
        assertEquals("7_3", history(refused).last().orElseThrow().job());
        assertEquals(Optional.empty(), history(refused).ending());

        String later = refused + "2026-11-28T05:00:00Z\t9_3\t1\tstarted\tn1,n2\n";
        assertEquals(List.of("7", "9"), history(later).withoutRefused(List.of("7", "9")));
    }

    @Test
    void whatIsIncompleteOrUnknownIsLeftOut() throws IOException {
        assertEquals(List.of(), History.read(folder.resolve("nosuch")).events());
        assertEquals(
                1,
                history(
                                """
                        2026-11-28T01:00:00Z\t7\t0\tstarted\tn1
                        2026-11-28T01:00:00Z\t7\t0\tlevitated\thigh
                        yesterday\t7\t0\tstarted\tn1
                        nonsense
                        2026-11-28T01:00:00Z\t7\t0\tstarted\tn1,n""")
                        .events()
                        .size());
    }
}
