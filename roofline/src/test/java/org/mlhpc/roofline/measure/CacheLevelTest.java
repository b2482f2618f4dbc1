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
    /** As the kernel shows a processor with two cores of 48 KiB and 1 MiB each and 32 MiB together. */
    @Test
    void data_caches_are_found_by_level(@TempDir Path folder) throws IOException {
        cache(folder.resolve("index0"), "1", "Data", "48K", "0");
        cache(folder.resolve("index1"), "1", "Instruction", "32K", "0");
        cache(folder.resolve("index3"), "3", "Unified", "32M", "0-1");
        cache(folder.resolve("index2"), "2", "Unified", "1024K", "0");
        assertEquals(
                List.of(new CacheLevel(1, 48 << 10, 1), new CacheLevel(2, 1 << 20, 1), new CacheLevel(3, 32 << 20, 2)),
                CacheLevel.in(folder));
    }

    @Test
    void what_is_not_described_is_left_out(@TempDir Path folder) throws IOException {
        assertEquals(List.of(), CacheLevel.in(folder.resolve("nowhere")));
        cache(folder.resolve("index0"), "1", "Data", "48K", "0");
        Files.delete(folder.resolve("index0/size"));
        assertEquals(List.of(), CacheLevel.in(folder));
    }

    private static void cache(Path folder, String level, String type, String size, String shared) throws IOException {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("level"), level + "\n");
        Files.writeString(folder.resolve("type"), type + "\n");
        Files.writeString(folder.resolve("size"), size + "\n");
        Files.writeString(folder.resolve("shared_cpu_list"), shared + "\n");
    }

    @Test
    void sizes_and_lists_of_the_kernel_are_read() throws IOException {
        assertEquals(512, CacheLevel.parseSize("512"));
        assertEquals(2L << 30, CacheLevel.parseSize("2G"));
        assertEquals(10, CacheLevel.members("0-7,64,96").size());
        for (String bad : List.of("", "K", "48X", "-")) {
            String message = assertThrows(IOException.class, () -> CacheLevel.parseSize(bad))
                    .getMessage();
            assertTrue(message.endsWith("'" + bad + "'"), message);
        }
        assertThrows(IOException.class, () -> CacheLevel.members("0-"));
    }
}
