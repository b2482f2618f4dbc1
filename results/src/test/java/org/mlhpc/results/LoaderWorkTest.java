package org.mlhpc.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoaderWorkTest {
    private static LoaderWork of(Optional<Double> limit, RunRecord.Input input) {
        return LoaderWork.of(
                SampleRecords.profiled(SampleProfiles.of(2, "fp32", limit, "forward", Map.of()), 1, input));
    }

    private static RunRecord.Input input(long bytes, Optional<Double> fromDevices) {
        return new RunRecord.Input(bytes, fromDevices, 0, 0.4, 3);
    }

    /** Two ranks that need 0.4 threads each for 3.75 s. */
    @Test
    void tellsWhatCameFromDevicesAndWhatAByteTakes() {
        LoaderWork work = of(Optional.empty(), input(1000, Optional.of(250.0)));
        assertEquals(0.25, work.storageShare().orElseThrow(), 1e-12);
        assertEquals(3e-3, work.threadSecondsPerByte().orElseThrow(), 1e-12);
        assertEquals(3, work.threadsPerRank());
    }

    /** Read-ahead of devices can exceed what was asked for. */
    @Test
    void noMoreThanAllComesFromDevices() {
        assertEquals(
                Optional.of(1.0),
                of(Optional.empty(), input(1000, Optional.of(1200.0))).storageShare());
    }

    @Test
    void whatWasNotCountedIsNotNothing() {
        assertEquals(
                Optional.empty(),
                of(Optional.empty(), input(1000, Optional.empty())).storageShare());
        assertEquals(
                Optional.empty(),
                of(Optional.empty(), input(0, Optional.of(0.0))).storageShare());
    }

    @Test
    void aLimitIsPassedByAllBytesAndWaitedForByThreads() {
        LoaderWork work = of(Optional.of(1e6), input(1000, Optional.of(0.0)));
        assertEquals(Optional.of(1.0), work.storageShare());
        assertEquals(Optional.empty(), work.threadSecondsPerByte());
    }
}
