package org.mlhpc.staging.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mlhpc.staging.files.SourceFile;

class StagingFailureTest {
    private static final Path FROM = Path.of("from");
    private static final Path TO = Path.of("to");

    private static String said(Throwable cause) {
        var file = new SourceFile("a", 1, 0, OptionalLong.empty());
        return StagingFailure.of(FROM, file, TO, cause).getMessage();
    }

    @Test
    void saysWhyInWords() {
        String begin = "cannot stage " + FROM.resolve("a") + " to " + TO.resolve("a") + ": ";
        assertEquals(begin + "from/a: access denied", said(new AccessDeniedException("from/a")));
        assertEquals(begin + "java.io.EOFException", said(new EOFException()));
        assertEquals(
                begin + "No space left on device; what is finished stays: free space and stage again",
                said(new IOException("No space left on device")));
    }
}
