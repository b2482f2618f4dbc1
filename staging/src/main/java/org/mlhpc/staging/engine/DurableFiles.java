package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Waits until what was written is on the device. */
final class DurableFiles {
    /** Up to so many files one by one; more of them are cheaper together, in one commit of the file system. */
    private static final int ONE_BY_ONE = 8;

    private static final long LIMIT_MINUTES = 30;

    private DurableFiles() {}

    /** @param files all on the file system of {@code folder} */
    static void force(List<Path> files, Path folder) throws IOException {
        if (files.size() <= ONE_BY_ONE || !forceFileSystem(folder)) {
            for (Path file : files) {
                force(file);
            }
        }
    }

    private static void force(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** By {@code sync -f} of coreutils, since Java has no call for it; false where that is missing or fails. */
    private static boolean forceFileSystem(Path folder) throws IOException {
        Process sync;
        try {
            sync = new ProcessBuilder("sync", "-f", folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return false;
        }
        try {
            if (!sync.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("sync -f " + folder + " takes more than " + LIMIT_MINUTES + " minutes");
            }
            return sync.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing to " + folder, e);
        } finally {
            sync.destroyForcibly();
        }
    }
}
