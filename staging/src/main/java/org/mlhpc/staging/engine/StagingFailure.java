package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.api.FileErrors;
import org.mlhpc.staging.files.SourceFile;

/** Says which file could not be staged, why, and what to do. */
final class StagingFailure {
    private StagingFailure() {}

    static IOException of(Path root, SourceFile file, Path folder, Throwable cause) {
        String reason = cause instanceof IOException ? FileErrors.message(cause) : cause.toString();
        String fix = reason.contains("No space left") || reason.contains("quota")
                ? "; what is finished stays: free space and stage again"
                : "";
        Path from = root.resolve(file.path());
        Path to = folder.resolve(file.path());
        return new IOException("cannot stage " + from + " to " + to + ": " + reason + fix, cause);
    }
}
