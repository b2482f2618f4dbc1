package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.RunRecord;

class LoaderAdviceTest {
    private static Optional<String> advice(double stallSeconds, double needed, int threads) {
        var input = new RunRecord.Input(1, Optional.empty(), stallSeconds, needed, threads);
        var epoch = new RunRecord.Epoch(1, 0.1, 1, 10, stallSeconds, 0, 0, 0.1, 0.1, Optional.of(input));
        return LoaderAdvice.of(List.of(epoch));
    }

    @Test
    void saysHowManyThreadsTheLoaderNeeds() {
        assertEquals(
                Optional.of(
                        "training waited for data 40.0 % of the time: the loader needs 3.1 decoding threads per rank,"
                                + " has 2"),
                advice(4, 3.1, 2));
    }

    @Test
    void doesNotAskForThreadsThatWouldNotHelp() {
        String advice = advice(4, 1.5, 2).orElseThrow();
        assertTrue(advice.contains("not for want of decoding threads"), advice);
    }

    @Test
    void saysNothingIfTrainingDidNotWait() {
        assertFalse(advice(0.1, 3.1, 2).isPresent());
    }

    @Test
    void cachedReadsAreMarked() {
        assertTrue(DeviceReads.isCached(89, 100));
        assertFalse(DeviceReads.isCached(91, 100));
        assertEquals(
                "cached: devices delivered 25 % of the bytes that the first epoch read, the page cache the others",
                DeviceReads.note("the first epoch", 25, 100));
    }
}
