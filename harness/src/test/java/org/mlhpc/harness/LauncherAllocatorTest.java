package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the allocator does as the launcher sets it; the tests themselves may run with another. */
class LauncherAllocatorTest {
    /** Blocks that are asked for; each spans eight large pages, so that it costs as many page faults if they had gone back. */
    private static final int ROUNDS = 200;

    @TempDir
    private Path elsewhere;

    private String shell(String commands) throws IOException, InterruptedException {
        String functions = "is_bundle() { false; }; unset LD_PRELOAD MALLOC_CONF MLHPC_ALLOCATOR\n";
        return LauncherShell.run(elsewhere, "allocator.sh", functions + commands)
                .strip();
    }

    /** jemalloc gives it back in its first arena, and to one processor it gives no other by itself. */
    @Test
    void aLargeBlockIsKeptForTheNextOneInARankThatIsBoundToOneCore() throws Exception {
        assumeTrue(!shell("find_jemalloc").isEmpty(), "jemalloc is missing (Debian: libjemalloc2)");
        assumeTrue(!shell("command -v taskset").isEmpty(), "taskset is missing (Debian: util-linux)");
        // From this JDK on it warns of such memory, and refuses it later.
        String unsafe = Runtime.version().feature() >= 24 ? "--sun-misc-unsafe-memory-access=allow" : "";
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        String classes = Path.of(LargeBlocks.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        String said = shell("choose_allocator; mapfile -t variables < <(allocator_environment)\n"
                + "processors=$(taskset -cp $$); processors=${processors##*: }; first=${processors%%[-,]*}\n"
                + "taskset -c \"$first\" env \"${variables[@]}\" '" + java + "' " + unsafe + " -XX:+UseSerialGC -cp '"
                + classes + "' "
                + LargeBlocks.class.getName() + " " + ROUNDS);
        Matcher faults = Pattern.compile("faults: (\\d+)").matcher(said);
        assertTrue(faults.find(), said);
        assertTrue(Long.parseLong(faults.group(1)) < 2 * ROUNDS, said + " for " + ROUNDS + " blocks");
    }
}
