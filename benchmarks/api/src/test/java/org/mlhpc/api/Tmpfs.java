package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** For tests of any module: a file system in memory, such as one that is soon full, or that nobody may write to. */
public final class Tmpfs implements AutoCloseable {
    private static final long LIMIT_SECONDS = 10;

    private final Path folder;

    private Tmpfs(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts one, and skips the test where that is not allowed.
     *
     * @param folder where to; is made
     * @param options of mount, as in {@code size=1m}
     */
    public static Tmpfs mount(Path folder, String options) throws IOException, InterruptedException {
        Files.createDirectory(folder);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()) == 0,
                "needs the right to mount a file system");
        return new Tmpfs(folder);
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** Keeps what is in it, with other options. */
    public void remount(String options) throws IOException, InterruptedException {
        assertEquals(0, run("mount", "-o", "remount," + options, folder.toString()));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        assertEquals(0, run("umount", folder.toString()));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
        return process.exitValue();
    }
}
