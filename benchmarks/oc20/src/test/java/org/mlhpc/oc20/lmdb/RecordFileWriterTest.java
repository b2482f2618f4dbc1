package org.mlhpc.oc20.lmdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Tmpfs;

/** Whatever fails, nothing is left behind. */
class RecordFileWriterTest {
    @TempDir
    private Path directory;

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    @Test
    void aFileHasItsNameOnlyWhenItIsFinished() throws IOException {
        try (var writer = new RecordFileWriter(directory.resolve("data.lmdb"))) {
            writer.put("0", new byte[] {1});
            assertEquals(List.of("data.lmdb.partial"), names(directory));
            writer.finish();
        }
        assertEquals(List.of("data.lmdb"), names(directory));
    }

    @Test
    void aWriterClosedBeforeItsEndLeavesNothing() throws IOException {
        try (var writer = new RecordFileWriter(directory.resolve("data.lmdb"))) {
            writer.put("0", new byte[] {1});
        }
        assertEquals(List.of(), names(directory));
    }

    @Test
    void aNameThatCannotBeGivenLeavesNothing() throws IOException {
        Path file = directory.resolve("data.lmdb");
        Files.createDirectories(file.resolve("mine"));
        try (var writer = new RecordFileWriter(file)) {
            writer.put("0", new byte[] {1});
            assertThrows(IOException.class, writer::finish);
        }
        assertEquals(List.of("data.lmdb"), names(directory));
        assertEquals(List.of("mine"), names(file));
    }

    /** Its file channel closes when its thread is interrupted. */
    @Test
    void anInterruptedWriterLeavesNothing() throws IOException {
        try (var writer = new RecordFileWriter(directory.resolve("data.lmdb"))) {
            writer.put("0", new byte[] {1});
            Thread.currentThread().interrupt();
            assertThrows(ClosedByInterruptException.class, writer::finish);
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(List.of(), names(directory));
    }

    @Test
    void aFileThatCannotBeOpenedIsNamed() {
        Path file = directory.resolve("missing/data.lmdb");
        var e = assertThrows(IOException.class, () -> new RecordFileWriter(file).close());
        assertTrue(e.getMessage().startsWith(file + ".partial: "), e.getMessage());
    }

    /** LMDB calls it an error of input or output if only a part could be written. */
    @Test
    void aFullDiskIsSaidAndLeavesNothing() throws Exception {
        try (Tmpfs disk = Tmpfs.mount(directory.resolve("disk"), "size=1m")) {
            Path file = disk.folder().resolve("data.lmdb");
            var e = assertThrows(IOException.class, () -> {
                try (var writer = new RecordFileWriter(file)) {
                    for (int i = 0; i < 2000; i++) {
                        writer.put("" + i, new byte[2000]);
                    }
                    writer.finish();
                }
            });
            assertTrue(e.getMessage().startsWith(file + ".partial: "), e.getMessage());
            assertTrue(e.getMessage().matches("(?s).*(No space left on device|Input/output error).*"), e.getMessage());
            assertEquals(List.of(), names(disk.folder()));
        }
    }
}
