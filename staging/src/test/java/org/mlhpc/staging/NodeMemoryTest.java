package org.mlhpc.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.TextTree;

class NodeMemoryTest {
    private static final long GIBIBYTE = 1L << 30;

    @TempDir
    private Path root;

    private void write(String file, String text) throws IOException {
        new TextTree(root).write(file, text);
    }

    private OptionalLong budget() {
        return NodeMemory.budget(root, Map.of());
    }

    @Test
    void itIsHalfOfWhatIsAvailable() throws IOException {
        assertEquals(OptionalLong.empty(), budget());
        write("proc/meminfo", "MemTotal:       67108864 kB\nMemAvailable:   33554432 kB");
        assertEquals(OptionalLong.of(16 * GIBIBYTE), budget());
    }

    /** Data in the memory of a job that is full would have the kernel kill the job. */
    @Test
    void aJobHasNoMoreThanItsLimit() throws IOException {
        write("proc/meminfo", "MemAvailable:   33554432 kB");
        write("proc/self/cgroup", "0::/job_7/step_0");
        write("sys/fs/cgroup/job_7/memory.max", String.valueOf(8 * GIBIBYTE));
        assertEquals(OptionalLong.of(4 * GIBIBYTE), budget());
        write("sys/fs/cgroup/job_7/memory.max", "max");
        assertEquals(OptionalLong.of(16 * GIBIBYTE), budget());
        assertEquals(OptionalLong.of(GIBIBYTE), NodeMemory.budget(root, Map.of("SLURM_MEM_PER_NODE", "2048")));
    }
}
