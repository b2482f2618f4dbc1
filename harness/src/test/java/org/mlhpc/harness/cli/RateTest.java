package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class RateTest {
    @ParameterizedTest
    @CsvSource({"50MB/s, 50e6", "1.5 GiB/s, 1610612736", "200kB/s, 200e3", "7B/s, 7"})
    void readsPrefixesOfTenAndOfTwo(String text, double bytesPerSecond) {
        assertEquals(bytesPerSecond, new Rate().convert(text));
    }

    @ParameterizedTest
    @CsvSource({"50", "50MB", "0MB/s", "-1MB/s", "fast", "1iB/s"})
    void refusesWhatIsNoRate(String text) {
        var e = assertThrows(TypeConversionException.class, () -> new Rate().convert(text));
        assertTrue(e.getMessage().contains("'" + text + "'"), e.getMessage());
    }

    @Test
    void theCommandLineSaysWhichRateIsWrong() {
        Captured result = Captured.of("run", "cosmoflow", "--limit-storage", "50");

        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains("50MB/s"), result.err());
    }

    @Test
    void countersAreListedWithWhatTheyLack() {
        Captured result = Captured.of("roofline", "counters", "--format", "csv");

        assertEquals(0, result.code(), result.err());
        assertTrue(
                result.out().startsWith("counter,of,unit,scope,available,covers or lacks,how to enable\n"),
                result.out());
        assertTrue(result.out().contains("communicator,network,bytes,process,yes,"), result.out());
    }
}
