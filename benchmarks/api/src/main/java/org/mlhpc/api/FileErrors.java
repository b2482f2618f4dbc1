package org.mlhpc.api;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Errors that say which file they are about, and what is wrong with it. */
public final class FileErrors {
    private FileErrors() {}

    /**
     * What {@code failure} says, and its class where it says nothing. Of many failures with a file the JDK says only its name; the kind
     * of the failure is the name of its class, as in "a.h5: access denied".
     */
    public static String message(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            return failure.toString();
        }
        boolean nameOnly = failure instanceof FileSystemException file && file.getReason() == null;
        if (!nameOnly) {
            return message;
        }
        String kind = failure.getClass().getSimpleName().replaceFirst("Exception$", "");
        return message + ": " + kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /** {@code failure}, once {@code partial}, which was to become a file, is removed; if it cannot be, that must not hide the failure. */
    public static IOException afterRemoving(Path partial, IOException failure) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /** {@code failure}, with the file in its message: the JDK leaves it out where reading fails, as in "Input/output error". */
    public static IOException naming(Path file, IOException failure) {
        String reason = failure.getMessage();
        if (reason != null && reason.contains(file.toString())) {
            return failure;
        }
        return new IOException(file + " cannot be read (" + (reason == null ? failure : reason) + ")", failure);
    }
}
