package org.mlhpc.results.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.mlhpc.results.Sha256;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.roofline.WholeFile;

/** Hashes of what a report was made from. */
final class Inputs {
    private Inputs() {}

    /** SHA-256 of a file, hexadecimal; says so if it cannot be read any more. */
    static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            return WholeFile.unreadable(file, e).getMessage() + "; make the report again once it can be read";
        }
    }

    /** SHA-256 of the bundled table of published results. */
    static String sha256OfPublished() {
        try (InputStream in = PublishedResults.table()) {
            return Sha256.of(in);
        } catch (IOException e) {
            throw new IllegalStateException("the table of published results cannot be read", e);
        }
    }
}
