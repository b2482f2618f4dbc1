package org.mlhpc.torch.data;

import java.io.IOException;
import java.nio.file.Path;

/** Errors of reading that say which file they are about. */
public final class FileErrors {
    private FileErrors() {}

    /** {@code failure}, with the file in its message: the JDK leaves it out where reading fails, as in "Input/output error". */
    public static IOException naming(Path file, IOException failure) {
        String reason = failure.getMessage();
        if (reason != null && reason.contains(file.toString())) {
            return failure;
        }
        return new IOException(file + " cannot be read (" + (reason == null ? failure : reason) + ")", failure);
    }
}
