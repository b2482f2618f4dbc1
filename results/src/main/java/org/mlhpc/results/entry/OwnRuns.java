package org.mlhpc.results.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.Score;
import org.mlhpc.results.tree.Metric;

/**
 * Runs outside of submissions: the logs {@code result_*.txt} of a folder and of the folders in it, and the records beside them.
 * Those of one folder, benchmark, batch size and scale make an entry, named after the folder.
 */
final class OwnRuns {
    private final List<String> problems = new ArrayList<>();

    private OwnRuns() {}

    /** What the runs of an entry have in common. */
    private record Group(Path folder, String benchmark, OptionalLong batch, OptionalLong nodes, OptionalLong perNode) {}

    static Reading read(Path path) throws IOException {
        var own = new OwnRuns();
        Map<Group, List<RunResult>> groups = new LinkedHashMap<>();
        for (Logs.Read log : Logs.read(own.logs(path))) {
            log.problem().ifPresent(own.problems::add);
            log.run().ifPresent(run -> groups.computeIfAbsent(group(log.file(), run), key -> new ArrayList<>())
                    .add(run));
        }
        List<Entry> entries = new ArrayList<>();
        groups.forEach((group, runs) -> entries.add(own.entry(group, runs)));
        if (entries.isEmpty() && own.problems.isEmpty()) {
            own.problems.add("no result_*.txt in " + path);
        }
        return new Reading(entries, own.problems);
    }

    private static Group group(Path file, RunResult run) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return new Group(
                folder == null ? file : folder,
                run.benchmark().orElse("unknown"),
                run.globalBatchSize(),
                run.nodes(),
                run.acceleratorsPerNode());
    }

    private List<Path> logs(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> logs = new ArrayList<>();
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && file.getFileName().toString().matches("result_.*\\.txt")) {
                    logs.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                problems.add(Logs.skipped(file, e));
                return FileVisitResult.CONTINUE;
            }
        });
        logs.sort(null);
        return logs;
    }

    private Entry entry(Group group, List<RunResult> runs) {
        List<RunRecord> records =
                runs.stream().flatMap(run -> record(run).stream()).toList();
        List<Score.Judged> judged = runs.stream()
                .map(run -> new Score.Judged(run, run.minutes().isPresent() && reachedTarget(run)))
                .toList();
        return new Entry(
                new Entry.Label(
                        Optional.empty(),
                        runs.get(0).division().orElse(""),
                        "",
                        String.valueOf(group.folder.getFileName()),
                        false),
                machine(group, records),
                EntryBuilder.task(group.benchmark, Metric.TIME_TO_TRAIN, runs),
                EntryBuilder.measured(Metric.TIME_TO_TRAIN, group.benchmark, judged, 1),
                EntryBuilder.files(runs));
    }

    /** By its own target if there is a record, because settings can change it. */
    private boolean reachedTarget(RunResult run) {
        return record(run).map(record -> record.status().equals("success")).orElseGet(run::reachedTarget);
    }

    private static Entry.Machine machine(Group group, List<RunRecord> records) {
        OptionalLong accelerators = group.nodes.isPresent() && group.perNode.isPresent()
                ? OptionalLong.of(group.nodes.getAsLong() * group.perNode.getAsLong())
                : OptionalLong.empty();
        Optional<RunRecord> first = records.stream().findFirst();
        return new Entry.Machine(
                group.nodes,
                accelerators,
                first.map(record -> record.machine().accelerator()).orElse(""),
                first.map(record -> record.machine().cpu()).orElse(""),
                first.map(record -> record.machine().engine()).orElse(""));
    }

    private final Map<Path, Optional<RunRecord>> records = new LinkedHashMap<>();

    private Optional<RunRecord> record(RunResult run) {
        return records.computeIfAbsent(RunRecordFile.beside(Path.of(run.file())), file -> {
            try {
                return Files.exists(file) ? Optional.of(RunRecordFile.read(file)) : Optional.empty();
            } catch (IOException | UncheckedIOException e) {
                problems.add(e.getMessage() + "; left out");
                return Optional.empty();
            }
        });
    }
}
