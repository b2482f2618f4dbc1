package org.mlhpc.results.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.RunResultReader;
import org.mlhpc.results.Sha256;

/** Makes runs for the store of logs. */
public final class RunImport {
    private RunImport() {}

    /**
     * The run of a log, with the record beside it.
     *
     * @param system what its entry is called
     * @param added now
     */
    public static StoredRun of(Path log, String system, Instant added) throws IOException {
        RunResult run = RunResultReader.read(log);
        OptionalDouble samples = run.samplesToConverge();
        List<RunResult.Evaluation> evaluations = run.evaluations();
        return new StoredRun(
                0,
                added.toString(),
                run.runStartMillis().stream()
                        .mapToObj(millis -> Instant.ofEpochMilli((long) millis).toString())
                        .findFirst()
                        .orElse(""),
                log.toString(),
                Sha256.of(log),
                run.benchmark().orElse(""),
                run.division().orElse(""),
                system,
                run.status().orElse(""),
                run.globalBatchSize(),
                run.seeds().stream().map(RunResult.Seed::value).findFirst().orElse(OptionalLong.empty()),
                run.minutes(),
                samples.isPresent() && run.trainSamples().isPresent()
                        ? OptionalDouble.of(
                                samples.getAsDouble() / run.trainSamples().getAsLong())
                        : OptionalDouble.empty(),
                evaluations.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(
                                evaluations.get(evaluations.size() - 1).quality()),
                run.trainSamplesPerSecond(),
                record(log));
    }

    private static Optional<String> record(Path log) throws IOException {
        Path file = RunRecordFile.beside(log);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        RunRecordFile.read(file);
        return Optional.of(Files.readString(file));
    }
}
