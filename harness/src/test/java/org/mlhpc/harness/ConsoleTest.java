package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.api.Progress;

class ConsoleTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private long now;

    private Console console(boolean terminal, boolean silent) {
        return new Console(new PrintStream(shown, true, StandardCharsets.UTF_8), terminal, silent, () -> now);
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    private String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aBatchLogGetsALineNowAndThen() {
        Progress progress = console(false, false).progress("copying");
        for (int done = 1; done <= 60; done++) {
            pass(1);
            progress.report(done, 100, "files");
        }
        assertEquals(
                """
                copying: 30 of 100 files, 1.0 files/s, 1 min 10 s left
                copying: 60 of 100 files, 1.0 files/s, 40.0 s left
                """,
                shown());
    }

    @Test
    void aTerminalGetsALineThatMoves() {
        Console console = console(true, false);
        console.show("half");
        console.say("done");
        assertEquals("half\r    \rdone\n", shown());
    }

    @Test
    void aSilentRankSaysNothing() {
        Console console = console(true, true);
        pass(100);
        assertFalse(console.due());
        console.say("one");
        console.show("two");
        assertTrue(shown().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"4.25, 4.3 s", "59.4, 59.4 s", "200, 3 min 20 s", "3720, 1 h 02 min", "NaN, unknown time"})
    void writesDurationsForPeople(double seconds, String expected) {
        assertEquals(expected, Console.duration(seconds));
    }
}
