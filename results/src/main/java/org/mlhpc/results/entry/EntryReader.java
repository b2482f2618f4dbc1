package org.mlhpc.results.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mlhpc.results.Benchmark;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.Score;
import org.mlhpc.results.tree.ResultSet;
import org.mlhpc.results.tree.ScalingFile;
import org.mlhpc.results.tree.SubmissionTree;
import org.mlhpc.results.tree.SystemFile;

/**
 * Reads entries: of a submission or several, in the layout of any round; of a folder with such rounds; else of the logs of own
 * runs. What is damaged or not known is skipped and reported. Links are not followed.
 */
public final class EntryReader {
    private static final Pattern ROUND = Pattern.compile("(?:^|[_-])v?(\\d\\.\\d)$");

    private final List<Entry> entries = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private EntryReader() {}

    /** @throws IOException if there is nothing at {@code path} */
    public static Reading read(Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new IOException(path + " does not exist; give a run's folder, a log or a submission");
        }
        var reader = new EntryReader();
        if (Files.isDirectory(path)) {
            reader.readFolder(path);
        } else {
            reader.addOwn(path);
        }
        return new Reading(reader.entries, reader.problems);
    }

    private void readFolder(Path path) throws IOException {
        if (SubmissionTree.isAt(path)) {
            readTree(path);
            return;
        }
        boolean rounds = false;
        for (Path folder : folders(path)) {
            if (SubmissionTree.isAt(folder)) {
                rounds = true;
                readTree(folder);
            }
        }
        if (!rounds) {
            addOwn(path);
        }
    }

    private void addOwn(Path path) throws IOException {
        Reading own = OwnRuns.read(path);
        entries.addAll(own.entries());
        problems.addAll(own.problems());
    }

    private void readTree(Path path) throws IOException {
        SubmissionTree tree = SubmissionTree.read(path);
        tree.strayFolders().forEach(folder -> problems.add(folder + ": neither strong nor weak; skipped"));
        for (ResultSet set : tree.sets()) {
            if (Benchmark.named(set.benchmark()).isEmpty()) {
                problems.add(set.folder() + ": unknown benchmark; known are " + Benchmark.names() + "; skipped");
            } else {
                readSet(set).ifPresent(entries::add);
            }
        }
    }

    private Optional<Entry> readSet(ResultSet set) {
        List<RunResult> runs = new ArrayList<>();
        for (Logs.Read log : Logs.read(set.logs())) {
            log.problem().ifPresent(problems::add);
            log.run().filter(run -> isOf(set.benchmark(), run)).ifPresent(runs::add);
        }
        if (runs.isEmpty()) {
            problems.add(set.folder() + ": no log that can be read; skipped");
            return Optional.empty();
        }
        SystemFile system = system(set);
        List<Score.Judged> judged = runs.stream()
                .map(run -> new Score.Judged(run, run.minutes().isPresent() && run.reachedTarget()))
                .toList();
        return Optional.of(new Entry(
                label(set, system),
                new Entry.Machine(
                        system.nodes(),
                        system.accelerators(),
                        system.accelerator(),
                        system.processor(),
                        system.framework()),
                EntryBuilder.task(set.benchmark(), set.metric(), runs),
                EntryBuilder.measured(set.metric(), set.benchmark(), judged, factor(set)),
                EntryBuilder.files(runs)));
    }

    private boolean isOf(String benchmark, RunResult run) {
        boolean same = run.benchmark().map(benchmark::equals).orElse(true);
        if (!same) {
            problems.add(run.file() + ": a log of " + run.benchmark().orElseThrow() + " among those of " + benchmark
                    + "; skipped");
        }
        return same;
    }

    private Entry.Label label(ResultSet set, SystemFile system) {
        String organisation = set.organisation().getFileName().toString();
        return new Entry.Label(
                round(set.organisation()),
                system.division(),
                system.submitter().isBlank() ? organisation : system.submitter(),
                set.system(),
                false);
    }

    /** From the name of a folder above, such as v1.0 or hpc_results_v1.0; the nearest counts. */
    static Optional<String> round(Path folder) {
        for (Path above = folder.toAbsolutePath().normalize(); above != null; above = above.getParent()) {
            Matcher name = ROUND.matcher(String.valueOf(above.getFileName()));
            if (name.find()) {
                return Optional.of(name.group(1));
            }
        }
        return Optional.empty();
    }

    private SystemFile system(ResultSet set) {
        try {
            return SystemFile.read(set.systemFile());
        } catch (IOException e) {
            problems.add(e.getMessage() + "; its entries have no numbers of nodes and accelerators");
            return SystemFile.NONE;
        }
    }

    private double factor(ResultSet set) {
        return ScalingFile.read(set.scalingFile()).orElseGet(() -> {
            problems.add(set.scalingFile() + ": no positive scaling_factor; taken as 1");
            return 1;
        });
    }

    private static List<Path> folders(Path path) throws IOException {
        try (Stream<Path> children = Files.list(path)) {
            return children.filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }
}
