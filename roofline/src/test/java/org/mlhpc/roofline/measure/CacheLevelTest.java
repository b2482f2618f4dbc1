package org.mlhpc.roofline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheLevelTest {
    @TempDir
    private Path devices;

    /** As the kernel shows processors with 48 KiB and 1 MiB each and 32 MiB for every four. */
    private void groupsOfFour(int processors) throws IOException {
        for (int i = 0; i < processors; i++) {
            String group = i / 4 * 4 + "-" + (i / 4 * 4 + 3);
            cache(i, "index0", "1", "Data", "48K", String.valueOf(i));
            cache(i, "index1", "1", "Instruction", "32K", String.valueOf(i));
            cache(i, "index3", "3", "Unified", "32M", group);
            cache(i, "index2", "2", "Unified", "1024K", String.valueOf(i));
        }
    }

    @Test
    void data_caches_are_found_by_level() throws IOException {
        groupsOfFour(4);
        assertEquals(
                List.of(
                        new CacheLevel(1, 48 << 10, 1, 2),
                        new CacheLevel(2, 1 << 20, 1, 2),
                        new CacheLevel(3, 32 << 20, 2, 1)),
                CacheLevel.of(List.of(0, 1), devices));
    }

    /** What counts is where the processors are that may be used: the same number of them has one to three last caches. */
    @Test
    void last_caches_are_those_of_the_processors_in_use() throws IOException {
        groupsOfFour(12);
        assertEquals(new CacheLevel(3, 32 << 20, 3, 1), last(List.of(0, 1, 2)));
        assertEquals(new CacheLevel(3, 32 << 20, 1, 3), last(List.of(0, 4, 8)));
        assertEquals(new CacheLevel(3, 32 << 20, 2, 2), last(List.of(0, 4, 5, 99)));
        assertEquals(96L << 20, last(List.of(0, 4, 8)).bytesTogether());
    }

    private CacheLevel last(List<Integer> processors) throws IOException {
        return CacheLevel.of(processors, devices).get(2);
    }

    @Test
    void what_is_not_described_is_left_out() throws IOException {
        assertEquals(List.of(), CacheLevel.of(List.of(0), devices));
        cache(0, "index0", "1", "Data", "48K", "0");
        Files.delete(devices.resolve("cpu0/cache/index0/size"));
        assertEquals(List.of(), CacheLevel.of(List.of(0), devices));
    }

    private void cache(int processor, String index, String level, String type, String size, String shared)
            throws IOException {
        Path folder = Files.createDirectories(devices.resolve("cpu" + processor + "/cache/" + index));
        Files.writeString(folder.resolve("level"), level + "\n");
        Files.writeString(folder.resolve("type"), type + "\n");
        Files.writeString(folder.resolve("size"), size + "\n");
        Files.writeString(folder.resolve("shared_cpu_list"), shared + "\n");
    }

    @Test
    void sizes_and_lists_of_the_kernel_are_read() throws IOException {
        assertEquals(512, CacheLevel.parseSize("512"));
        assertEquals(2L << 30, CacheLevel.parseSize("2G"));
        assertEquals(10, ProcessorList.members("0-7,64,96").size());
        for (String bad : List.of("", "K", "48X", "-")) {
            String message = assertThrows(IOException.class, () -> CacheLevel.parseSize(bad))
                    .getMessage();
            assertTrue(message.endsWith("'" + bad + "'"), message);
        }
        assertThrows(IOException.class, () -> ProcessorList.members("0-"));
        assertThrows(IOException.class, () -> ProcessorList.members(""));
    }
}
