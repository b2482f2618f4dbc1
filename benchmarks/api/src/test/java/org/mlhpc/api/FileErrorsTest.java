package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileErrorsTest {
    private static final Path FILE = Path.of("data", "train", "a.h5");

    @Test
    void whatIsWrongWithAFileIsSaidInWords() {
        String file = FILE.toString();
        assertEquals(file + ": access denied", FileErrors.message(new AccessDeniedException(file)));
        assertEquals(file + ": no such file", FileErrors.message(new NoSuchFileException(file)));
        assertEquals(file + ": disk full", FileErrors.message(new FileSystemException(file, null, "disk full")));
        assertEquals("broken pipe", FileErrors.message(new IOException("broken pipe")));
        assertEquals("java.io.EOFException", FileErrors.message(new EOFException()));
    }

    @Test
    void whatNamesTheFileStaysAsItIs() {
        var denied = new AccessDeniedException(FILE.toString());
        assertSame(denied, FileErrors.naming(FILE, denied));
    }

    @Test
    void whatCannotBeRemovedDoesNotHideTheFailure(@TempDir Path folder) throws IOException {
        var failure = new IOException("disk full");
        Path partial = Files.writeString(folder.resolve("a.partial"), "");

        assertSame(failure, FileErrors.afterRemoving(partial, failure));
        assertFalse(Files.exists(partial));
        assertEquals(0, failure.getSuppressed().length);

        Path full = Files.createDirectories(folder.resolve("b.partial/c")).getParent();
        assertSame(failure, FileErrors.afterRemoving(full, failure));
        assertEquals(1, failure.getSuppressed().length);
    }

    @Test
    void whatDoesNotIsTheReason() {
        var failure = new IOException("Input/output error");
        IOException named = FileErrors.naming(FILE, failure);
        assertEquals(FILE + " cannot be read (Input/output error)", named.getMessage());
        assertSame(failure, named.getCause());
        assertEquals(
                FILE + " cannot be read (java.io.EOFException)",
                FileErrors.naming(FILE, new EOFException()).getMessage());
    }
}
