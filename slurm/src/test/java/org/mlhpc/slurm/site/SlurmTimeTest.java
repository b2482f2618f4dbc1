package org.mlhpc.slurm.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlurmTimeTest {
    /** The forms that the manual of sbatch lists. */
    @ParameterizedTest
    @CsvSource({
        "90, 5400, 1:30:00",
        "1:30, 90, 0:01:30",
        "12:00:00, 43200, 12:00:00",
        "1-12, 129600, 1-12:00:00",
        "1-12:30, 131400, 1-12:30:00",
        "1-12:30:15, 131415, 1-12:30:15",
        "48:00:00, 172800, 2-00:00:00"
    })
    void readsTheTimesOfSlurm(String text, long seconds, String canonical) {
        SlurmTime time = SlurmTime.parse("--time", text);
        assertEquals(seconds, time.duration().toSeconds());
        assertEquals(canonical, time.toString());
        assertEquals(time, SlurmTime.parse("--time", canonical));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1h", "1:3", "-5", "0", "0:00:00", "infinite", "1:00:00:00"})
    void refusesOthersByTheNameOfTheOption(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> SlurmTime.parse("--time", text));
        assertTrue(e.getMessage().startsWith("--time=" + text), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"infinite", "UNLIMITED", "n/a"})
    void noLimitIsNoTime(String text) {
        assertEquals(Optional.empty(), SlurmTime.of(text));
    }
}
