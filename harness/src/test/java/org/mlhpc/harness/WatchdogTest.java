package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.PhaseClock.Phase;

/** Watchdogs of four ranks on two nodes, by a clock of this test. */
class WatchdogTest {
    private static final long SECOND = 1_000_000_000L;
    private static final double LIMIT = 1800;
    private static final double GRACE = 180;
    private static final String COLLECTIVES = "org.example.Collectives";

    @TempDir
    private Path directory;

    private long now;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<Integer> ended = new ArrayList<>();
    private final List<RunClock> clocks = new ArrayList<>();
    private final List<Watchdog> dogs = new ArrayList<>();
    private String innermost = "org.example.Model";

    @BeforeEach
    void start() {
        for (int rank = 0; rank < 4; rank++) {
            int own = rank;
            var clock = new RunClock(() -> now, 0);
            clocks.add(clock);
            var place = new Watchdog.Place(
                    rank,
                    List.of("n1", "n1", "n2", "n2"),
                    directory.resolve("hang_0"),
                    Optional.of(directory.resolve("cause")),
                    COLLECTIVES);
            dogs.add(new Watchdog(
                    place,
                    clock::standing,
                    () -> new StackTraceElement[] {new StackTraceElement(innermost, "call", "File.java", 7)},
                    () -> now,
                    LIMIT,
                    new PrintStream(said, true, StandardCharsets.UTF_8),
                    () -> ended.add(own)));
        }
        for (RunClock clock : clocks) {
            clock.reached(3, 17);
            clock.enter(Phase.SYNCHRONISATION);
        }
    }

    private void look(double seconds, int... ranks) throws IOException {
        now += Math.round(seconds * SECOND);
        for (int rank : ranks) {
            dogs.get(rank).look();
        }
    }

    private String cause() throws IOException {
        return Files.readString(directory.resolve("cause"));
    }

    @Test
    void nothingIsWrittenBeforeTheLimitAndAsLongAsARankGetsOn() throws IOException {
        for (int minute = 0; minute < 120; minute++) {
            clocks.get(0).reached(3, 18 + minute);
            clocks.get(1).enter(Phase.FORWARD);
            look(60, 0, 1);
        }
        look(LIMIT - 60.5, 0, 1);

        assertFalse(Files.exists(directory.resolve("hang_0")));
        assertEquals(List.of(), ended);
    }

    @Test
    void theRankThatStandsIsNamedByTheLowest() throws IOException {
        clocks.get(2).enter(Phase.FORWARD);
        look(LIMIT, 0, 1, 2, 3);
        look(GRACE - 1, 3, 2, 1, 0);
        assertEquals(List.of(), ended);
        look(1, 3, 2, 1, 0);

        assertEquals(List.of(0), ended);
        String verdict = "rank 2 on n2 stands in forward since 30 min 00 s (epoch 3, step 17);"
                + " ranks 0, 1, 3 wait in synchronisation";
        assertEquals("hang\t" + verdict + "\n", cause());
        String text = said.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains(verdict), text);
        assertTrue(text.contains("rank 2:\n    at org.example.Model.call(File.java:7)"), text);
        HangReport report = HangReport.read(directory.resolve("hang_0/rank_2.txt"));
        assertEquals(
                new HangReport(2, "n2", "forward", 3, 17, LIMIT, false, List.of("org.example.Model.call(File.java:7)")),
                report);
    }

    @Test
    void ranksThatSayNothingAreNamedWithTheirNode() throws IOException {
        look(LIMIT, 0, 1);
        look(GRACE, 0, 1);

        assertEquals(List.of(0), ended);
        assertEquals(
                "hang\tranks 2, 3 on n2 say nothing: their processes or node do not run;"
                        + " ranks 0, 1 wait in synchronisation\n",
                cause());
    }

    @Test
    void anotherRankSpeaksWhereTheLowestDoesNotRun() throws IOException {
        look(LIMIT, 1, 2, 3);
        look(GRACE, 3, 2, 1);

        assertEquals(List.of(1), ended);
        assertTrue(cause().contains("rank 0 on n1 says nothing: its process or node does not run"), cause());
    }

    @Test
    void theNextRankSpeaksIfTheLowestDiesOverIt() throws IOException {
        look(LIMIT, 0, 1, 2, 3);
        look(GRACE, 1, 2, 3);
        assertEquals(List.of(), ended);
        look(GRACE, 1, 2, 3);

        assertEquals(List.of(1), ended);
    }

    @Test
    void whoGetsOnAgainTakesItBack() throws IOException {
        look(LIMIT, 0, 1);
        clocks.get(0).enter(Phase.DATA_STALL);
        look(GRACE - 1, 0);
        look(GRACE, 0);

        assertEquals(List.of(), ended);
        assertFalse(Files.exists(directory.resolve("hang_0/rank_0.txt")));
        assertTrue(Files.exists(directory.resolve("hang_0/rank_1.txt")));
    }

    /** As in an evaluation in which ranks have more or fewer batches, or while rank 0 writes a checkpoint. */
    @Test
    void aJobInWhichOneRankGetsOnGoesOn() throws IOException {
        look(LIMIT, 0, 1, 2);
        for (int minute = 0; minute < 60; minute++) {
            clocks.get(3).reached(3, 18 + minute);
            look(60, 3, 0, 1, 2);
        }
        assertEquals(List.of(), ended);

        double seconds = 0;
        while (ended.isEmpty() && seconds < 2 * LIMIT) {
            look(60, 3, 0, 1, 2);
            seconds += 60;
        }
        assertEquals(List.of(0), ended);
        assertTrue(seconds >= LIMIT && seconds <= LIMIT + GRACE, "ended after " + seconds + " s");
        assertTrue(cause().startsWith("hang\tranks 0-3 wait"), cause());
    }

    @Test
    void whoGotOnAndThenDiedIsSilent() throws IOException {
        look(LIMIT, 0, 1, 2);
        clocks.get(3).reached(3, 18);
        look(60, 3, 0, 1, 2);
        look(GRACE - 1, 0, 1, 2);
        assertEquals(List.of(), ended);
        look(1, 0, 1, 2);

        assertEquals(List.of(0), ended);
        assertTrue(cause().contains("rank 3 on n2 says nothing"), cause());
    }

    @Test
    void whenAllGetOnAgainNobodySaysAnything() throws IOException {
        look(LIMIT, 0);
        clocks.get(1).reached(3, 18);
        look(60, 1);
        assertTrue(Files.exists(directory.resolve("hang_0/rank_1.moving")));
        clocks.get(0).reached(3, 18);
        look(60, 0, 1);

        try (Stream<Path> files = Files.list(directory.resolve("hang_0"))) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void whatCannotBeReadIsNotThere() throws IOException {
        look(LIMIT, 0, 1, 2, 3);
        Files.writeString(directory.resolve("hang_0/rank_2.txt"), "{\"rank\":");
        look(GRACE, 0);

        assertEquals(List.of(0), ended);
        assertTrue(cause().contains("rank 2 on n2 says nothing"), cause());
    }

    @Test
    void aReportIsTriedAgainForAWhile() throws IOException {
        Files.createFile(directory.resolve("hang_0"));
        look(LIMIT, 0);
        look(GRACE - 1, 0);

        assertThrows(IOException.class, () -> look(1, 0));
    }

    @Test
    void reportsOfAnEarlierStartAreRemoved() throws IOException {
        look(LIMIT, 0, 1);
        HangFolder.clear(directory.resolve("hang_0"));

        assertFalse(Files.exists(directory.resolve("hang_0")));
    }

    @Test
    void aCollectiveOutsideTrainingIsSeenByItsCall() throws IOException {
        innermost = COLLECTIVES;
        clocks.get(0).enter(RunClock.Stage.SET_UP);
        look(LIMIT, 0);

        assertTrue(HangReport.read(directory.resolve("hang_0/rank_0.txt")).waiting());
    }
}
