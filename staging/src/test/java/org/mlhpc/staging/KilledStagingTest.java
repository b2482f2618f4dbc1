package org.mlhpc.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;

/** Real processes that are killed while they stage; harness/mpi has the same for ranks of a job. */
class KilledStagingTest {
    private static final int KILLS = 20;
    private static final double BYTES_PER_SECOND = 2.5e6;

    @TempDir
    private Path directory;

    /** Stages slowly, so that there is a moment to be killed in. */
    public static void main(String[] arguments) throws IOException {
        var staging = new Staging(
                Path.of(arguments[0]),
                StagingRequest.of(Optional.of("copy"), Optional.of(Path.of(arguments[1])))
                        .with(
                                new IoOptions(3, 65_536, true, false, false),
                                SourceLimit.shared(Path.of(arguments[2]), BYTES_PER_SECOND)),
                new LocalCommunicator());
        System.out.println("begins");
        staging.stage(staging.plan(), Progress.none());
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledStagingTest.class.getName(),
                        directory.resolve("source").toString(),
                        directory.resolve("destination").toString(),
                        directory.resolve("limit").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aKilledStagingGoesOnAndNeverCopiesAJournalledFileAgain() throws Exception {
        Path source = directory.resolve("source");
        Path destination = directory.resolve("destination");
        // 17 MB, with files around the size from which direct I/O is used: about seven seconds at the limit.
        DataSets.write(source, 120, 12, 260_000, true);
        var random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        Map<String, Object> journalled = new HashMap<>();
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process process = start();
            process.getInputStream().read(); // it begins
            // Short at first: each attempt leaves less to copy, and some should be killed late too.
            if (process.waitFor(random.nextInt(600), TimeUnit.MILLISECONDS)) {
                break;
            }
            process.destroyForcibly().waitFor();
            killed++;
            assertUnchanged(journalled, destination, "seed " + seed + ", kill " + i);
            journalled.putAll(finished(destination));
        }
        assertTrue(killed >= KILLS / 2, "only " + killed + " attempts were killed");

        Process last = start();
        assertTrue(last.waitFor(60, TimeUnit.SECONDS));

        assertEquals(0, last.exitValue());
        assertUnchanged(journalled, destination, "seed " + seed);
        assertEquals(DataSets.names(source), DataSets.names(destination));
        assertEquals(List.of(), Manifest.read(source).verify(destination, Progress.none()));
        try (Stream<Path> partials = Files.walk(destination.resolve(".mlhpc-staging/partial"))) {
            assertEquals(List.of(), partials.filter(Files::isRegularFile).toList());
        }
    }

    /** A file that is copied again gets its name by a rename, and so another inode. */
    private static Map<String, Object> finished(Path destination) throws IOException {
        Map<String, Object> inodes = new HashMap<>();
        Path journal = destination.resolve(".mlhpc-staging/journal-0");
        if (Files.exists(journal)) {
            String text = Files.readString(journal);
            text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> {
                        String path = line.split(" ", 7)[6];
                        inodes.put(path, inode(destination.resolve(path)));
                    });
        }
        return inodes;
    }

    private static Object inode(Path file) {
        try {
            return Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void assertUnchanged(Map<String, Object> journalled, Path destination, String when) {
        journalled.forEach((path, inode) -> assertEquals(inode, inode(destination.resolve(path)), path + ", " + when));
    }
}
