package org.mlhpc.roofline;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.mlhpc.api.FileErrors;

/** Files that are read and written at once, and have their name only when they are complete: nobody finds half of one. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * The text of {@code file}, which is in UTF-8.
     *
     * @throws IOException if it cannot be read; the message names the file and what is wrong with it
     */
    public static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** {@code failure} to read {@code file} in words: which file, and what is wrong with it, such as "no such file". */
    public static IOException unreadable(Path file, IOException failure) {
        String words = failure instanceof CharacterCodingException
                ? file + " is not UTF-8 text"
                : FileErrors.message(FileErrors.naming(file, failure));
        return new IOException(words, failure);
    }

    /** Writes {@code text} in UTF-8 to {@code file}, under a temporary name first. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes {@code content} to {@code file}, which may exist, under a temporary name first.
     *
     * @throws IOException if that is not possible; the message names the file, what is wrong with it, and the fix
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.write(partial, content);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            String why = "cannot write " + file + ": " + FileErrors.message(e) + "; free space or choose another place";
            throw FileErrors.afterRemoving(partial, new IOException(why, e));
        }
    }
}
