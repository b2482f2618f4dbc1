package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsableMemoryTest {
    private static final long NODE = 256L << 30;
    private static final long UNLIMITED_V1 = 9223372036854771712L;

    @TempDir
    private Path root;

    private void write(String file, String text) throws IOException {
        new TextTree(root).write(file, text);
    }

    private UsableMemory usable(String... environment) {
        Map<String, String> variables = environment.length == 0
                ? Map.of()
                : environment.length == 2
                        ? Map.of(environment[0], environment[1])
                        : Map.of(environment[0], environment[1], environment[2], environment[3]);
        return UsableMemory.of(NODE, root, variables);
    }

    @Test
    void without_limits_it_is_that_of_the_node() throws IOException {
        assertEquals(new UsableMemory(NODE, ""), usable());
        write("proc/self/cgroup", "4:memory:/user\n0::/user");
        write("sys/fs/cgroup/user/memory.max", "max");
        write("sys/fs/cgroup/memory/user/memory.limit_in_bytes", String.valueOf(UNLIMITED_V1));
        assertEquals(new UsableMemory(NODE, ""), usable());
        assertEquals(Optional.empty(), usable().condition());
        assertEquals(new UsableMemory(0, ""), UsableMemory.of(0, root, Map.of()));
    }

    /** As Slurm sets it: the step's group has no limit of its own, the job's has, and others' groups do not count. */
    @Test
    void a_group_has_no_more_than_those_above_it() throws IOException {
        write("proc/self/cgroup", "0::/system.slice/slurmstepd.scope/job_7/step_0");
        String slice = "sys/fs/cgroup/system.slice/slurmstepd.scope/";
        write(slice + "job_7/step_0/memory.max", "max");
        write(slice + "job_7/memory.max", String.valueOf(8L << 30));
        write(slice + "memory.max", String.valueOf(200L << 30));
        write(slice + "job_8/memory.max", String.valueOf(1L << 30));
        UsableMemory usable = usable();
        assertEquals(8L << 30, usable.bytes());
        assertTrue(usable.limit().endsWith("job_7/memory.max"), usable.limit());
        assertTrue(usable.condition().orElseThrow().startsWith("memory: 8.0 GiB may be used, limited by "));
    }

    @Test
    void version_one_is_read_beside_version_two() throws IOException {
        write("proc/self/cgroup", "9:name=systemd:/\n4:hugetlb,memory:/slurm/job_7\n0::/");
        write("sys/fs/cgroup/memory/slurm/job_7/memory.limit_in_bytes", String.valueOf(4L << 30));
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", String.valueOf(UNLIMITED_V1));
        assertEquals(4L << 30, usable().bytes());
        write("sys/fs/cgroup/unified/memory.max", String.valueOf(2L << 30));
        assertEquals(2L << 30, usable().bytes());
    }

    /** The path is the host's or leads out of what the container sees; its own group is mounted as the root. */
    @Test
    void in_a_container_the_root_counts() throws IOException {
        for (String path : new String[] {"/docker/4f2a", "/../../4f2a", "/"}) {
            write("proc/self/cgroup", "0::" + path);
            write("sys/fs/cgroup/memory.max", String.valueOf(3L << 30));
            assertEquals(3L << 30, usable().bytes(), path);
        }
    }

    @Test
    void what_slurm_gives_counts_without_groups_too() {
        assertEquals(new UsableMemory(8L << 30, "SLURM_MEM_PER_NODE"), usable("SLURM_MEM_PER_NODE", "8192"));
        assertEquals(NODE, usable("SLURM_MEM_PER_NODE", "0").bytes());
        assertEquals(
                new UsableMemory(6L << 30, "SLURM_MEM_PER_CPU"),
                usable("SLURM_MEM_PER_CPU", "1024", "SLURM_CPUS_ON_NODE", "6"));
        assertEquals(NODE, usable("SLURM_MEM_PER_CPU", "1024").bytes());
    }
}
