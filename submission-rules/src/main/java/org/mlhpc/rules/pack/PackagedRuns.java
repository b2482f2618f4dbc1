package org.mlhpc.rules.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.RunResultReader;
import org.mlhpc.results.Score;
import org.mlhpc.rules.LogChecker;

/**
 * Finished runs of one benchmark with one configuration.
 *
 * @param logs in the order of their run_start
 * @param records of the same runs, where there are any
 */
record PackagedRuns(String benchmark, List<Path> logs, List<Score.Judged> judged, List<RunRecord> records) {
    private record Run(Path log, Score.Judged judged, Optional<RunRecord> record) {}

    static PackagedRuns read(List<Path> folders, LogChecker checker) throws IOException, NotQualified {
        var runs = new ArrayList<Run>();
        for (Path folder : folders) {
            for (Path log : logs(folder)) {
                runs.add(read(folder, log, checker));
            }
        }
        if (runs.isEmpty()) {
            throw new NotQualified("no result_*.txt in " + folders + "; give the folders that ./mlhpc run wrote to");
        }
        runs.sort(Comparator.comparingDouble(
                run -> run.judged().run().runStartMillis().orElse(0)));
        String benchmark = theOnly(
                "benchmark",
                runs.stream()
                        .map(run -> run.judged().run().benchmark().orElse("none"))
                        .collect(Collectors.toSet()));
        theOnly(
                "configuration",
                runs.stream()
                        .flatMap(run -> run.record().stream())
                        .map(record -> record.configuration() + " (" + record.settingsHash() + ")")
                        .collect(Collectors.toSet()));
        return new PackagedRuns(
                benchmark,
                runs.stream().map(Run::log).toList(),
                runs.stream().map(Run::judged).toList(),
                runs.stream().flatMap(run -> run.record().stream()).toList());
    }

    private static Run read(Path folder, Path log, LogChecker checker) throws IOException {
        var reader = new RunResultReader(log.toString());
        try (InputStream in = Files.newInputStream(log)) {
            boolean passed = checker.check(log.toString(), in, reader).passed();
            String number = log.getFileName().toString().replaceAll("\\D", "");
            Path record = folder.resolve(number.equals("0") ? "run.json" : "run_" + number + ".json");
            return new Run(
                    log,
                    new Score.Judged(reader.result(), passed),
                    Files.exists(record) ? Optional.of(RunRecordFile.read(record)) : Optional.empty());
        }
    }

    private static List<Path> logs(Path folder) throws IOException {
        var logs = new ArrayList<Path>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "result_*.txt")) {
            found.forEach(logs::add);
        }
        return logs;
    }

    private static String theOnly(String what, Set<String> values) throws NotQualified {
        if (values.size() > 1) {
            throw new NotQualified("the runs have more than one " + what + ": " + String.join(", ", values)
                    + "; package them one by one");
        }
        return values.stream().findFirst().orElse("");
    }

    /** The runs from {@code first} on. */
    PackagedRuns select(int first, int count) {
        List<RunRecord> kept = records.size() == logs.size() ? records.subList(first, first + count) : records;
        return new PackagedRuns(
                benchmark, logs.subList(first, first + count), judged.subList(first, first + count), kept);
    }

    String settingsHash() {
        return records.isEmpty() ? "" : records.get(0).settingsHash();
    }
}
