package org.mlhpc.results.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    @TempDir
    private Path directory;

    @Test
    void aFolderOfTooManyEntriesIsRefused() throws IOException {
        Path many = Files.createDirectory(directory.resolve("many"));
        for (int i = 0; i <= 20; i++) {
            Files.createFile(many.resolve("x" + i));
        }

        assertEquals(21, Folder.of(many, 21).entries().size());
        var refused = assertThrows(IOException.class, () -> Folder.of(many, 20));
        assertTrue(refused.getMessage().contains(many + " has more than 20 entries"), refused.getMessage());
    }

    /** Of what the system refuses to read; as root nothing is refused, so the folder is none any more. */
    @Test
    void aFolderThatCannotBeReadIsAnErrorThatNamesIt() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        var refused = assertThrows(IOException.class, () -> Folder.of(file));

        assertEquals(file + ": not directory; give a folder that can be read", refused.getMessage());
    }
}
