package org.mlhpc.rules.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.roofline.Work;
import org.mlhpc.rules.ModelLog;
import org.mlhpc.rules.tree.SubmissionChecker;

/** Writes what {@code ./mlhpc run} leaves behind, and a system description. */
final class FinishedRuns {
    static final String HOST = "node17";
    /** That of a rank. */
    static final String OTHER_HOST = "rack7blade3";

    static final String DATA = "/scratch/project/universes";

    private final Path folder;
    private final String benchmark;
    private final String division;

    FinishedRuns(Path folder, String benchmark, String division) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.benchmark = benchmark;
        this.division = division;
    }

    /** The log and the record of one run that took {@code minutes}. */
    void add(int index, long seed, double minutes) throws IOException {
        long start = 1_700_000_000_000L + index * 3_600_000L;
        List<String> lines = new ModelLog("3.0.0", benchmark, division)
                .lines().stream()
                        .map(line ->
                                line.contains("\"seed\"") ? line.replace("\"value\":7", "\"value\":" + seed) : line)
                        .map(line -> withTime(line, "run_start", start))
                        .map(line -> withTime(line, "run_stop", start + Math.round(minutes * 60_000)))
                        .toList();
        write(index, String.join("\n", lines) + "\n");
        write(index, record(index, seed, minutes, "1a2b"));
    }

    private static String withTime(String line, String key, long millis) {
        return line.contains("\"" + key + "\"") ? line.replaceFirst("\"time_ms\":\\d+", "\"time_ms\":" + millis) : line;
    }

    Path log(int index) {
        return folder.resolve("result_" + index + ".txt");
    }

    void write(int index, String log) throws IOException {
        Files.writeString(log(index), log, StandardCharsets.ISO_8859_1);
    }

    void write(int index, RunRecord record) throws IOException {
        RunRecordFile.write(folder.resolve(index == 0 ? "run.json" : "run_" + index + ".json"), record);
    }

    RunRecord record(int index, long seed, double minutes, String settingsHash) {
        return new RunRecord(
                benchmark,
                "tiny",
                index,
                seed,
                division,
                "success",
                Instant.EPOCH,
                new RunRecord.Suite("0.1.0", "abc123", List.of("run", benchmark)),
                Map.of("base_lr", "0.005", "precision", "fp32", "lr_decay_boundary_epochs", "4, 8"),
                settingsHash,
                new RunRecord.Goal("eval_error", true, 0.124),
                new RunRecord.Model(100, 200),
                new RunRecord.Machine(
                        HOST + ".cluster.example",
                        1,
                        2,
                        3,
                        "cpu",
                        6,
                        1L << 34,
                        "",
                        0,
                        "Linux",
                        "JDK",
                        "Open MPI 4",
                        "engine",
                        ""),
                Map.of("forward", 1.0),
                minutes * 60,
                minutes * 60,
                Optional.of(new RunRecord.Staging(
                        "in place",
                        "asked for",
                        DATA,
                        DATA,
                        0,
                        0,
                        0,
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        "",
                        0,
                        List.of())),
                List.of(),
                List.of(),
                List.of(new RunRecord.Rank(0, OTHER_HOST, 0, 0, 0, Optional.empty())),
                new Work(1, Map.of()),
                Optional.empty(),
                List.of(RunRecord.SYNTHETIC));
    }

    /** A system description with all fields. */
    static Path system(Path file, String division) throws IOException {
        var fields = new TreeMap<String, String>();
        SubmissionChecker.systemFields().forEach(name -> fields.put(name, "something"));
        fields.put("division", division);
        for (String count : List.of("number_of_nodes", "host_processors_per_node")) {
            fields.put(count, "1");
        }
        fields.put("accelerators_per_node", "0");
        var json = new StringBuilder("{\n");
        fields.forEach((name, value) -> json.append("  \"" + name + "\": \"" + value + "\",\n"));
        json.setLength(json.length() - 2);
        return Files.writeString(file, json.append("\n}\n"));
    }
}
