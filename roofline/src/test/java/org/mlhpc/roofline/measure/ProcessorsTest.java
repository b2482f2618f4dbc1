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

class ProcessorsTest {
    private static void siblings(Path devices, int processor, String list) throws IOException {
        Path topology = Files.createDirectories(devices.resolve("cpu" + processor + "/topology"));
        Files.writeString(topology.resolve("thread_siblings_list"), list + "\n");
    }

    /** Processors 0 and 4 are one core, and so on, of which a process may use 0, 1, 2 and 4. */
    @Test
    void siblings_are_one_core(@TempDir Path devices) throws IOException {
        for (int i = 0; i < 8; i++) {
            siblings(devices, i, i % 4 + "," + (i % 4 + 4));
        }
        List<Integer> allowed = Processors.allowed(List.of("Cpus_allowed:\t17", "Cpus_allowed_list:\t0-2,4"));
        assertEquals(List.of(0, 1, 2, 4), allowed);
        assertEquals(3, Processors.cores(allowed, devices));
        assertThrows(IOException.class, () -> Processors.allowed(List.of("Name:\tjava")));
    }

    /** As in virtual machines that processors can be added to, and where some are offline, which have a folder without topology. */
    @Test
    void processors_that_are_not_there_are_no_cores(@TempDir Path devices) throws IOException {
        for (int i = 0; i < 4; i++) {
            siblings(devices, i, i / 2 * 2 + "-" + (i / 2 * 2 + 1));
        }
        Files.createDirectory(devices.resolve("cpu4"));
        assertEquals(2, Processors.cores(Processors.allowed(List.of("Cpus_allowed_list:\t0-127")), devices));
        assertThrows(IOException.class, () -> Processors.cores(List.of(4, 9), devices));
    }

    @Test
    void numbers_of_threads_are_powers_of_two_cores_and_all() {
        assertEquals(List.of(1), new Processors(1, 1).steps());
        assertEquals(List.of(1, 2), new Processors(2, 2).steps());
        assertEquals(List.of(1, 2, 4, 8, 16, 24, 32, 48), new Processors(48, 24).steps());
        assertEquals(List.of(1, 48), new Processors(48, 24).fewAndAll());
    }

    @Test
    void this_process_has_some() {
        Processors own = Processors.ofThisProcess();
        assertTrue(own.cores() >= 1 && own.cores() <= own.logical(), own::toString);
        assertEquals(Runtime.getRuntime().availableProcessors(), own.logical());
    }
}
