package org.mlhpc.torch.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileErrorsTest {
    private static final Path FILE = Path.of("data", "train", "a.h5");

    @Test
    void whatNamesTheFileStaysAsItIs() {
        var denied = new AccessDeniedException(FILE.toString());
        assertSame(denied, FileErrors.naming(FILE, denied));
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
