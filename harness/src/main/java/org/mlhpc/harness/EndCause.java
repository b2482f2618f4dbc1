package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.mlhpc.roofline.WholeFile;

/** The file in which whoever started a job wants to read why it ended: the kind of the cause, a tab, and who or where. */
final class EndCause {
    private EndCause() {}

    /** The file, if somebody wants to know. */
    static Optional<Path> file() {
        return Optional.ofNullable(System.getenv("MLHPC_CAUSE"))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }

    /** Replaces what the file says, at once. */
    static void write(Path file, String kind, String text) throws IOException {
        WholeFile.write(file, kind + "\t" + text + "\n");
    }
}
