package org.mlhpc.roofline.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProcessStorageTest {
    /** As Linux 6.1 prints it. */
    private static final List<String> CAPTURED = List.of(
            "rchar: 3980",
            "wchar: 12",
            "syscr: 9",
            "syscw: 1",
            "read_bytes: 4096",
            "write_bytes: 8192",
            "cancelled_write_bytes: 100");

    @Test
    void addsWhatDevicesReadAndWrote() {
        assertEquals(OptionalLong.of(12288), ProcessStorage.parse(CAPTURED));
    }

    @Test
    void isEmptyRatherThanZeroWhereTheKernelDoesNotTell() {
        assertEquals(OptionalLong.empty(), ProcessStorage.parse(List.of("rchar: 3980")));
        assertEquals(OptionalLong.empty(), new ProcessStorage(Path.of("/nonexistent/io")).bytes());
    }
}
