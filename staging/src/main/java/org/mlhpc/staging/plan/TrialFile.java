package org.mlhpc.staging.plan;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that a measurement writes and removes. Their names tell machine, boot and process, so that what a killed process left is
 * removed by the next one, and what another one is writing is left alone.
 */
final class TrialFile {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String PREFIX = ".mlhpc-probe-";
    private static final Pattern NAME = Pattern.compile("\\.mlhpc-probe-(.*)-(\\d+)-\\d+\\.tmp");

    private TrialFile() {}

    /** A new file in {@code folder}, to be removed by the caller. */
    static Path create(Path folder) throws IOException {
        removeLeftovers(folder);
        String owner = boot() + "-" + ProcessHandle.current().pid();
        return Files.createTempFile(folder, PREFIX + owner + "-", null);
    }

    static void removeLeftovers(Path folder) throws IOException {
        String boot = boot();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*.tmp")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && name.group(1).equals(boot) && isGone(name.group(2))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isGone(String process) {
        return ProcessHandle.of(Long.parseLong(process)).isEmpty();
    }

    private static String boot() throws IOException {
        return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : "unknown";
    }
}
