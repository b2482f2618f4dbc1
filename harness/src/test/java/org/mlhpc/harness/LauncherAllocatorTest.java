package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the allocator does as the launcher sets it; the tests themselves may run with another. */
class LauncherAllocatorTest {
    /** Of so many blocks each costs eight page faults or more if its memory had gone back: it spans eight large pages. */
    private static final int ROUNDS = 200;

    @TempDir
    private Path elsewhere;

    private String shell(String commands) throws IOException, InterruptedException {
        String functions = "is_bundle() { false; }; unset LD_PRELOAD MALLOC_CONF MLHPC_ALLOCATOR\n";
        return LauncherShell.run(elsewhere, "allocator.sh", functions + commands)
                .strip();
    }

    /** jemalloc 5.3.0 gives it back in its first arena, and to one processor it gives no other by itself. */
    @Test
    void aLargeBlockIsKeptForTheNextOneInARankThatIsBoundToOneCore() throws Exception {
        assumeTrue(!shell("find_jemalloc").isEmpty(), "jemalloc is missing (Debian: libjemalloc2)");
        assumeTrue(!shell("command -v taskset").isEmpty(), "taskset is missing (Debian: util-linux)");
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        String classes = Path.of(LargeBlocks.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        String said = shell("choose_allocator; mapfile -t variables < <(allocator_environment)\n"
                + "processors=$(taskset -cp $$); processors=${processors##*: }; first=${processors%%[-,]*}\n"
                + "taskset -c \"$first\" env \"${variables[@]}\" '" + java + "' -XX:+UseSerialGC -cp '" + classes + "' "
                + LargeBlocks.class.getName() + " " + ROUNDS + " 2>/dev/null");
        assertTrue(Long.parseLong(said) < 2 * ROUNDS, said + " page faults for " + ROUNDS + " blocks");
    }
}
