package org.mlhpc.results.tree;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Where things are in a submission: {@code ORGANISATION/results/SYSTEM/strong|weak/BENCHMARK/result_*.txt}, without the level
 * of strong and weak in round v0.7. Symbolic links are not followed: they could lead out of the tree.
 */
public final class SubmissionTree {
    private final List<Path> strayFolders = new ArrayList<>();
    private final List<ResultSet> sets = new ArrayList<>();
    private final List<Path> systemFiles = new ArrayList<>();

    private SubmissionTree() {}

    /** Whether {@code path} is the folder of an organisation, or holds such folders. */
    public static boolean isAt(Path path) throws IOException {
        return isOrganisation(path)
                || (isDirectory(path) && folders(path).stream().anyMatch(SubmissionTree::isOrganisation));
    }

    /**
     * Looks through the organisations at {@code path}.
     *
     * @param scalingLevel whether there are folders strong and weak, as from round v1.0
     */
    public static SubmissionTree read(Path path, boolean scalingLevel) throws IOException {
        return read(path, system -> scalingLevel);
    }

    /** Looks through the organisations at {@code path}; folders strong and weak are a level where there are any. */
    public static SubmissionTree read(Path path) throws IOException {
        return read(path, SubmissionTree::hasScalingLevel);
    }

    private static SubmissionTree read(Path path, Predicate<Path> scalingLevel) throws IOException {
        var tree = new SubmissionTree();
        if (isOrganisation(path)) {
            tree.addOrganisation(path, scalingLevel);
        } else {
            for (Path folder : folders(path)) {
                if (isOrganisation(folder)) {
                    tree.addOrganisation(folder, scalingLevel);
                }
            }
        }
        return tree;
    }

    private static boolean hasScalingLevel(Path system) {
        return Arrays.stream(Metric.values()).anyMatch(metric -> isDirectory(system.resolve(metric.folder())));
    }

    /** Sets of runs, in the order of their paths. */
    public List<ResultSet> sets() {
        return List.copyOf(sets);
    }

    /** All system descriptions. */
    public List<Path> systemFiles() {
        return List.copyOf(systemFiles);
    }

    /** Folders of systems beside strong and weak, in which nothing is looked for. */
    public List<Path> strayFolders() {
        return List.copyOf(strayFolders);
    }

    private static boolean isOrganisation(Path path) {
        return isDirectory(path.resolve("results")) && isDirectory(path.resolve("systems"));
    }

    private void addOrganisation(Path organisation, Predicate<Path> scalingLevel) throws IOException {
        for (Path file : entries(organisation.resolve("systems"))) {
            if (file.getFileName().toString().endsWith(".json") && isFile(file)) {
                systemFiles.add(file);
            }
        }
        for (Path system : folders(organisation.resolve("results"))) {
            if (scalingLevel.test(system)) {
                addMetrics(organisation, system);
            } else {
                addBenchmarks(organisation, system, Metric.TIME_TO_TRAIN, system);
            }
        }
    }

    private void addMetrics(Path organisation, Path system) throws IOException {
        for (Path folder : folders(system)) {
            String name = folder.getFileName().toString();
            if (name.equals(Metric.TIME_TO_TRAIN.folder())) {
                addBenchmarks(organisation, system, Metric.TIME_TO_TRAIN, folder);
            } else if (name.equals(Metric.THROUGHPUT.folder())) {
                addBenchmarks(organisation, system, Metric.THROUGHPUT, folder);
            } else {
                strayFolders.add(folder);
            }
        }
    }

    private void addBenchmarks(Path organisation, Path system, Metric metric, Path parent) throws IOException {
        for (Path folder : folders(parent)) {
            Path pruned = folder.resolve("pruned_results");
            sets.add(new ResultSet(
                    organisation,
                    system.getFileName().toString(),
                    metric,
                    folder.getFileName().toString(),
                    folder,
                    logs(folder),
                    isDirectory(pruned) ? logs(pruned) : List.of()));
        }
    }

    private static List<Path> logs(Path folder) throws IOException {
        return entries(folder).stream()
                .filter(file -> file.getFileName().toString().matches("result_.*\\.txt"))
                .filter(SubmissionTree::isFile)
                .toList();
    }

    private static List<Path> folders(Path parent) throws IOException {
        return entries(parent).stream().filter(SubmissionTree::isDirectory).toList();
    }

    private static List<Path> entries(Path folder) throws IOException {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        }
        entries.sort(null);
        return entries;
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
