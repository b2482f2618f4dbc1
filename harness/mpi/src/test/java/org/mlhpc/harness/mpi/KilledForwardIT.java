package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;

/**
 * Forwarding between three simulated nodes, of which a random rank is killed at a random moment. A few times in a usual
 * test; {@code -Dmlhpc.kills=20} makes it more.
 */
@Tag("mpi")
class KilledForwardIT {
    private static final int NODES = 3;
    private static final int KILLS = Integer.getInteger("mlhpc.kills", 4);
    private static final int FILES = 90;
    private static final int MOST_BYTES = 400_000;
    private static final long LIMIT_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void aKilledRankCostsNoJournalledFile() throws Exception {
        writeSource();
        var random = new Random();
        Map<Path, Object> journalled = new HashMap<>();
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            killed += attempt(random) ? 1 : 0;
            assertUnchanged(journalled);
            journalled.putAll(finished());
        }
        assertTrue(killed > 0, "no attempt was killed while it was staging");

        Process last = start(folder.resolve("last.log"));
        assertTrue(last.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "hangs");

        assertEquals(0, last.exitValue(), Files.readString(folder.resolve("last.log")));
        assertUnchanged(journalled);
        for (int node = 0; node < NODES; node++) {
            Path copy = folder.resolve("node" + node);
            assertEquals(List.of(), Manifest.read(folder.resolve("source")).verify(copy, Progress.none()));
        }
    }

    private void writeSource() throws IOException {
        var random = new Random(1);
        Path source = Files.createDirectories(folder.resolve("source"));
        var entries = new TreeMap<String, Manifest.Entry>();
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[random.nextInt(MOST_BYTES)];
            random.nextBytes(content);
            Path file = Files.write(source.resolve("f" + i), content);
            entries.put("f" + i, Manifest.entryOf(file));
        }
        new Manifest(new TreeMap<>(), entries).write(source);
    }

    private Process start(Path log) throws IOException {
        var command = RankJob.command(NODES, "stage", folder.toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put(SimulatedNodes.VARIABLE, Integer.toString(NODES));
        return builder.start();
    }

    /** Starts, kills a random rank, and waits for the end of the job; false if it was finished before. */
    private boolean attempt(Random random) throws Exception {
        Path log = folder.resolve("log");
        Process job = start(log);
        List<Long> ranks = processes(job, log);
        boolean finished = job.waitFor(random.nextInt(600), TimeUnit.MILLISECONDS);
        if (!finished) {
            ProcessHandle.of(ranks.get(random.nextInt(ranks.size()))).ifPresent(ProcessHandle::destroyForcibly);
        }
        assertTrue(job.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "the job outlives its killed rank");
        if (!finished) {
            assertNotEquals(0, job.exitValue(), Files.readString(log));
        }
        return !finished;
    }

    private static List<Long> processes(Process job, Path log) throws Exception {
        Pattern pattern = Pattern.compile("rank \\d is process (\\d+)");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < deadline && job.isAlive()) {
            Matcher found = pattern.matcher(Files.readString(log));
            var processes = new ArrayList<Long>();
            while (found.find()) {
                processes.add(Long.parseLong(found.group(1)));
            }
            if (processes.size() == NODES) {
                return processes;
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("the ranks do not start: " + Files.readString(log));
    }

    /** Inodes of the files in the journals: a file that is copied again gets another one. */
    private Map<Path, Object> finished() throws IOException {
        Map<Path, Object> inodes = new HashMap<>();
        for (int node = 0; node < NODES; node++) {
            Path copy = folder.resolve("node" + node);
            Path journal = copy.resolve(".mlhpc-staging/journal-0");
            if (Files.exists(journal)) {
                String text = Files.readString(journal);
                text.substring(0, text.lastIndexOf('\n') + 1)
                        .lines()
                        .map(line -> copy.resolve(line.substring(line.lastIndexOf(' ') + 1)))
                        .forEach(file -> inodes.put(file, inode(file)));
            }
        }
        return inodes;
    }

    private static Object inode(Path file) {
        try {
            return Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertUnchanged(Map<Path, Object> journalled) {
        journalled.forEach((file, inode) -> assertEquals(inode, inode(file), file.toString()));
    }
}
