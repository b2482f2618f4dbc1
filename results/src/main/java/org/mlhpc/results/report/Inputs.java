package org.mlhpc.results.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.mlhpc.results.entry.PublishedResults;

/** Hashes of what a report was made from. */
final class Inputs {
    private Inputs() {}

    /** SHA-256 of a file, hexadecimal; says so if it cannot be read any more. */
    static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(in);
        } catch (IOException e) {
            return "cannot be read: " + e.getMessage();
        }
    }

    /** SHA-256 of the bundled table of published results. */
    static String sha256OfPublished() {
        try (InputStream in = PublishedResults.table()) {
            return sha256(in);
        } catch (IOException e) {
            throw new IllegalStateException("the table of published results cannot be read", e);
        }
    }

    private static String sha256(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
