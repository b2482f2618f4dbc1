package org.mlhpc.roofline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    private Path folder;

    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void goesWithAllThatIsInIt() throws IOException {
        Path outside = Files.createFile(
                Files.createDirectory(folder.resolve("outside")).resolve("file"));
        Path tree = folder.resolve("tree");
        Files.createFile(Files.createDirectories(tree.resolve("a/b")).resolve("c"));
        Files.createSymbolicLink(tree.resolve("link"), outside.getParent());

        FileTree.delete(tree);
        FileTree.delete(tree);

        assertFalse(Files.exists(tree));
        assertTrue(Files.exists(outside));
    }

    @Test
    void triesAgainWhileOthersWrite() throws IOException {
        FileTree.delete(folder, file -> {
            if (attempts.incrementAndGet() < 3) {
                throw new DirectoryNotEmptyException(file.toString());
            }
            Files.delete(file);
        });
        assertEquals(3, attempts.get());
    }

    /** Nothing fails, and it is there all the same. */
    @Test
    void givesUpOnAFolderThatComesBack() {
        var e = assertThrows(
                IOException.class,
                () -> FileTree.delete(folder, file -> {
                    Files.delete(file);
                    Files.createDirectory(file);
                    attempts.incrementAndGet();
                }));
        assertEquals(FileTree.MOST_ATTEMPTS, attempts.get());
        assertTrue(e.getMessage().startsWith("cannot remove " + folder + ": something writes to it"), e.getMessage());
    }
}
