package org.mlhpc.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.ThreadCommunicator;

class CopyStagerTest {
    private static final List<String> NAMES = List.of("train/a", "train/b", "validation/c");

    @TempDir
    private Path directory;

    private Path source;
    private Path destination;

    @BeforeEach
    void writeSource() throws IOException {
        source = directory.resolve("source");
        destination = directory.resolve("destination");
        var entries = new TreeMap<String, Manifest.Entry>();
        for (String name : NAMES) {
            Path file = source.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "content of " + name);
            entries.put(name, Manifest.entryOf(file));
        }
        new Manifest(new TreeMap<>(), entries).write(source);
    }

    private Staged stage() throws IOException {
        return new CopyStager(destination).stage(source, new LocalCommunicator(), Progress.none());
    }

    private List<Manifest.Finding> damages() throws IOException {
        return Manifest.read(destination).verify(destination, Progress.none());
    }

    @Test
    void copiesEveryFileAndTheManifest() throws IOException {
        Staged staged = stage();

        assertEquals(destination, staged.directory());
        assertEquals(List.of(), damages());
        assertTrue(staged.bytes() > 0);
    }

    @Test
    void ranksOfANodeShareTheWork() throws Exception {
        List<Callable<Staged>> ranks = new ArrayList<>();
        for (Communicator world : ThreadCommunicator.ofSize(3)) {
            ranks.add(() -> new CopyStager(destination).stage(source, world, Progress.none()));
        }

        long bytes = 0;
        for (Future<Staged> rank : inParallel(ranks)) {
            bytes += rank.get().bytes();
        }

        assertEquals(List.of(), damages());
        long expected = Files.size(source.resolve(Manifest.FILE_NAME));
        for (String name : NAMES) {
            expected += Files.size(source.resolve(name));
        }
        assertEquals(expected, bytes, "each file was copied once");
    }

    private static <T> List<Future<T>> inParallel(List<Callable<T>> tasks) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            return threads.invokeAll(tasks, 30, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void copiesOnlyWhatIsMissing() throws IOException {
        stage();
        Files.delete(destination.resolve("train/b"));

        assertEquals("content of train/b".length(), stage().bytes());
        assertEquals(List.of(), damages());
    }

    @Test
    void aDamagedSourceIsNamedAndNotPublished() throws IOException {
        Files.writeString(source.resolve("train/b"), "CONTENT of train/b");

        var e = assertThrows(IOException.class, this::stage);

        assertTrue(e.getMessage().contains(source.resolve("train/b").toString()), e.getMessage());
        assertFalse(Files.exists(destination.resolve("train/b")));
        assertFalse(Files.exists(destination.resolve("train/b.partial")));
        assertFalse(Files.exists(destination.resolve(Manifest.FILE_NAME)), "an incomplete copy has no manifest");
    }

    @Test
    void aFailureOfOneRankEndsAll() throws Exception {
        Files.writeString(source.resolve("train/b"), "damaged");
        List<Callable<Staged>> ranks = new ArrayList<>();
        for (Communicator world : ThreadCommunicator.ofSize(2)) {
            ranks.add(() -> new CopyStager(destination).stage(source, world, Progress.none()));
        }

        for (Future<Staged> rank : inParallel(ranks)) {
            var e = assertThrows(ExecutionException.class, rank::get);
            assertTrue(e.getCause() instanceof IOException, e.toString());
        }
    }

    @Test
    void nestedFoldersAreRefused() {
        var stager = new CopyStager(source.resolve("inside"));

        var e = assertThrows(
                IllegalArgumentException.class, () -> stager.stage(source, new LocalCommunicator(), Progress.none()));

        assertTrue(e.getMessage().contains("one contains the other"), e.getMessage());
    }

    @Test
    void aMissingSourceIsNamed() {
        Path missing = directory.resolve("missing");

        for (Stager stager : List.of(new CopyStager(destination), new InPlaceStager())) {
            var e = assertThrows(
                    IOException.class, () -> stager.stage(missing, new LocalCommunicator(), Progress.none()));
            assertTrue(e.getMessage().contains(missing.toString()), e.getMessage());
        }
    }
}
