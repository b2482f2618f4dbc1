package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
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

    /**
     * The same for a run that is to begin.
     *
     * @throws IllegalArgumentException if the fit is to runs of another workload or precision; the message names its file
     */
    Optional<Ceilings> readFor(Workload<?> workload, Settings settings) throws IOException {
        Optional<Ceilings> ceilings = read();
        ceilings.flatMap(Ceilings::fit).ifPresent(known -> {
            String precision = settings.asMap().getOrDefault(Settings.PRECISION, known.precision());
            try {
                known.requireOf(workload.name(), precision.toLowerCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--fit " + fit + ": " + e.getMessage(), e);
            }
        });
        return ceilings;
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
