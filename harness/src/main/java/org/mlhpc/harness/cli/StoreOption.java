package org.mlhpc.harness.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the store of runs is. */
final class StoreOption {
    @Option(
            names = "--store",
            paramLabel = "FILE",
            description = "The store, an SQLite file; default: ${DEFAULT-VALUE}.")
    private Path file = Path.of("runs", "results.db");

    Path file() {
        return file;
    }
}
