package org.mlhpc.roofline.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProcessStorageTest {
    @Test
    void addsWhatDevicesReadAndWrote() throws Exception {
        Path captured = Path.of(
                ProcessStorageTest.class.getResource("self_io_captured.txt").toURI());

        assertEquals(OptionalLong.of(28672 + 8192), new ProcessStorage(captured).bytes());
        assertEquals(OptionalLong.of(28672), new ProcessStorage(captured).readBytes());
    }

    @Test
    void isEmptyRatherThanZeroWhereTheKernelDoesNotTell() {
        assertEquals(OptionalLong.empty(), ProcessStorage.parse(List.of("rchar: 3980")));
        assertEquals(OptionalLong.empty(), new ProcessStorage(Path.of("/nonexistent/io")).bytes());
    }
}
