package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mlhpc.results.report.Ceilings;
import org.mlhpc.roofline.ceilings.MachineFile;
import org.mlhpc.roofline.predict.FitFile;
import picocli.CommandLine.Option;

/** What the profiles of runs are held against. */
final class CeilingOptions {
    @Option(
            names = "--machine",
            paramLabel = "FILE",
            description = "Hold the profile against the ceilings in this file of roofline measure --out.")
    private @Nullable Path machine;

    @Option(
            names = "--fit",
            paramLabel = "FILE",
            description =
                    "Hold it against the ceilings of this file of roofline fit --out, and name the resource that limits at"
                            + " the share of them that training reaches.")
    private @Nullable Path fit;

    /** The first option that is given. */
    Optional<String> given() {
        if (machine != null) {
            return Optional.of("--machine");
        }
        return fit == null ? Optional.empty() : Optional.of("--fit");
    }

    /** @throws IllegalArgumentException if both are given */
    void check() {
        if (machine != null && fit != null) {
            throw new IllegalArgumentException("--fit brings the ceilings that it was made with: leave --machine out");
        }
    }

    /** @throws IOException if the file cannot be read; the message names it */
    Optional<Ceilings> read() throws IOException {
        check();
        if (fit != null) {
            return Optional.of(Ceilings.of(FitFile.read(fit)));
        }
        return machine == null ? Optional.empty() : Optional.of(Ceilings.of(MachineFile.read(machine)));
    }
}
