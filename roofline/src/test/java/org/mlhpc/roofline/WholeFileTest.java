package org.mlhpc.roofline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void what_was_there_is_replaced() throws IOException {
        Path file = folder.resolve("file");
        WholeFile.write(file, "a longer text");
        WholeFile.write(file, "ä");
        assertEquals("ä", Files.readString(file));
        assertArrayEquals(new String[] {"file"}, folder.toFile().list());
    }

    @Test
    void a_name_that_cannot_be_given_leaves_nothing_and_is_told() throws IOException {
        Path file = folder.resolve("file");
        Files.createDirectories(file.resolve("mine"));
        var e = assertThrows(IOException.class, () -> WholeFile.write(file, "text"));
        assertTrue(e.getMessage().startsWith("cannot write " + file + ": "), e.getMessage());
        assertArrayEquals(new String[] {"file"}, folder.toFile().list());
    }
}
