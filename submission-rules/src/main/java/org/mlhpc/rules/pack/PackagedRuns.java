package org.mlhpc.rules.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.RunResultReader;
import org.mlhpc.results.Score;
import org.mlhpc.rules.LogChecker;

/**
 * Finished runs of one benchmark with one configuration, in the order of their run_start.
 *
 * @param counted those that make the score
 * @param pruned instances that failed, or repeat the seed of another one; only throughput has any
 */
record PackagedRuns(List<Run> counted, List<Run> pruned) {
    PackagedRuns {
        counted = List.copyOf(counted);
        pruned = List.copyOf(pruned);
    }

    /** A finished run: its log, what the checker says of it, and its record. */
    record Run(Path log, Score.Judged judged, RunRecord record) {}

    /** All runs in {@code folders}, none of them pruned. */
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
        requireOne("benchmark", runs, run -> run.judged().run().benchmark().orElse("none"));
        requireOne("division", runs, run -> run.judged().run().division().orElse("none"));
        requireOne(
                "configuration",
                runs,
                run -> run.record().configuration() + " (" + run.record().settingsHash() + ")");
        requireOne("program", runs, run -> program(run.record()));
        return new PackagedRuns(runs, List.of());
    }

    private static Run read(Path folder, Path log, LogChecker checker) throws IOException, NotQualified {
        String number = log.getFileName().toString().replaceAll("\\D", "");
        Path record = folder.resolve(number.equals("0") ? "run.json" : "run_" + number + ".json");
        if (!Files.isRegularFile(record)) {
            throw new NotQualified(log + " has no " + record.getFileName()
                    + " beside it, which says with what settings the run was made");
        }
        var reader = new RunResultReader(log.toString());
        try (InputStream in = Files.newInputStream(log)) {
            boolean passed = checker.check(log.toString(), in, reader).passed();
            return new Run(log, new Score.Judged(reader.result(), passed), RunRecordFile.read(record));
        }
    }

    private static List<Path> logs(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder; give the folders that ./mlhpc run wrote to");
        }
        var logs = new ArrayList<Path>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "result_*.txt")) {
            found.forEach(logs::add);
        }
        logs.sort(null);
        return logs;
    }

    private static void requireOne(String what, List<Run> runs, Function<Run, String> property) throws NotQualified {
        Set<String> values = runs.stream().map(property).collect(Collectors.toCollection(LinkedHashSet::new));
        if (values.size() > 1) {
            throw new NotQualified("the runs have more than one " + what + ": " + String.join(", ", values)
                    + "; package them one by one");
        }
    }

    private static String program(RunRecord record) {
        return record.suite().version() + ", git revision " + record.suite().gitRevision();
    }

    /** Version and git revision of the suite that made the runs. */
    String program() {
        return program(first());
    }

    /** What is said of all runs is said of the first. */
    RunRecord first() {
        return counted.get(0).record();
    }

    String benchmark() {
        return counted.get(0).judged().run().benchmark().orElse("");
    }

    String division() {
        return counted.get(0).judged().run().division().orElse("");
    }

    /** Counted and pruned ones. */
    List<Run> all() {
        var all = new ArrayList<>(counted);
        all.addAll(pruned);
        return all;
    }

    List<Score.Judged> judged() {
        return counted.stream().map(Run::judged).toList();
    }

    /** The {@code count} runs from {@code first} on. */
    PackagedRuns select(int first, int count) {
        return new PackagedRuns(counted.subList(first, first + count), pruned);
    }

    /** Without instances whose logs fail, and without those that repeat a seed, which throughput may not count. */
    PackagedRuns prune() {
        var kept = new ArrayList<Run>();
        var out = new ArrayList<Run>();
        var seeds = new HashSet<Long>();
        for (Run run : counted) {
            boolean counts = run.judged().passed() && seeds.add(run.record().seed());
            (counts ? kept : out).add(run);
        }
        return new PackagedRuns(kept, out);
    }

    /** @throws NotQualified if two runs have one seed, and so are one run done twice */
    void requireDistinctSeeds() throws NotQualified {
        var seeds = new HashSet<Long>();
        for (Run run : counted) {
            if (!seeds.add(run.record().seed())) {
                throw new NotQualified(
                        "more than one run has seed " + run.record().seed() + ", the last is " + run.log()
                                + "; train one of them again with another --seed");
            }
        }
    }
}
