package org.mlhpc.roofline.predict;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.roofline.json.JsonRecords;

/** Fitted runs as JSON files. */
public final class FitFile {
    private static final JsonRecords<FittedRuns> FILES = new JsonRecords<>(
            FittedRuns.class, "a fit", FittedRuns::format, FittedRuns.FORMAT, "make one with ./mlhpc roofline fit");

    private FitFile() {}

    /** @throws IOException if the file cannot be read or is no fit; the message names the file */
    public static FittedRuns read(Path file) throws IOException {
        return FILES.read(file);
    }

    /** Writes {@code file} under a temporary name first. */
    public static void write(Path file, FittedRuns runs) throws IOException {
        FILES.write(file, runs);
    }
}
