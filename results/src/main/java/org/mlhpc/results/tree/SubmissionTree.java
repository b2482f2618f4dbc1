package org.mlhpc.results.tree;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where things are in a submission: {@code ORGANISATION/results/SYSTEM/strong|weak/BENCHMARK/result_*.txt}, without the level
 * of strong and weak in round v0.7. Symbolic links are not followed: they could lead out of the tree.
 */
public final class SubmissionTree {
    private static final String RESULTS = "results";
    private static final String SYSTEMS = "systems";
    private static final String PRUNED = "pruned_results";
    private static final Set<String> METRICS = Set.of(Metric.TIME_TO_TRAIN.folder(), Metric.THROUGHPUT.folder());
    private static final Set<String> KNOWN_FILES = Set.of("scaling.json", "power", "package_checker_params");

    private final Predicate<Path> scalingLevel;
    private final List<Path> strayFolders = new ArrayList<>();
    private final Map<Path, List<String>> links = new LinkedHashMap<>();
    private final List<ResultSet> sets = new ArrayList<>();
    private final List<Path> systemFiles = new ArrayList<>();

    private SubmissionTree(Predicate<Path> scalingLevel) {
        this.scalingLevel = scalingLevel;
    }

    /** Whether {@code given} is the folder of an organisation, holds such folders, or is a benchmark folder of one. */
    public static boolean isAt(Path given) throws IOException {
        Path path = Folder.given(given);
        return isOrganisation(path)
                || isBenchmark(path)
                || (Folder.is(path) && Folder.of(path).folders().stream().anyMatch(SubmissionTree::isOrganisation));
    }

    private static boolean isOrganisation(Path path) {
        return Folder.is(path.resolve(RESULTS)) && Folder.is(path.resolve(SYSTEMS));
    }

    /** ORGANISATION/results/SYSTEM/strong|weak/BENCHMARK, or without the level of strong and weak. */
    private static boolean isBenchmark(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return Folder.is(absolute) && isOrganisation(organisationOf(absolute));
    }

    /** {@code benchmark} itself where there is no such folder above it. */
    private static Path organisationOf(Path benchmark) {
        Path results = Folder.parent(systemOf(benchmark));
        return Folder.name(results).equals(RESULTS) ? Folder.parent(results) : benchmark;
    }

    private static Path systemOf(Path benchmark) {
        Path parent = Folder.parent(benchmark);
        return METRICS.contains(Folder.name(parent)) ? Folder.parent(parent) : parent;
    }

    /**
     * Looks through the organisations at {@code path}, or at one benchmark folder.
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

    private static SubmissionTree read(Path given, Predicate<Path> scalingLevel) throws IOException {
        Path path = Folder.given(given);
        var tree = new SubmissionTree(scalingLevel);
        if (isOrganisation(path)) {
            tree.addOrganisation(path);
        } else if (isBenchmark(path)) {
            tree.addOne(path.toAbsolutePath().normalize());
        } else {
            for (Path folder : Folder.of(path).folders()) {
                if (isOrganisation(folder)) {
                    tree.addOrganisation(folder);
                }
            }
        }
        return tree;
    }

    private static boolean hasScalingLevel(Path system) {
        return METRICS.stream().anyMatch(metric -> Folder.is(system.resolve(metric)));
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

    /** Names of the symbolic links, by the folder they are in; they are not followed. */
    public Map<Path, List<String>> links() {
        return Collections.unmodifiableMap(links);
    }

    private void addOne(Path benchmark) throws IOException {
        Path system = systemOf(benchmark);
        Path organisation = organisationOf(benchmark);
        Path description = organisation.resolve(SYSTEMS).resolve(Folder.name(system) + ".json");
        if (Folder.isFile(description)) {
            systemFiles.add(description);
        }
        boolean weak = Folder.name(Folder.parent(benchmark)).equals(Metric.THROUGHPUT.folder());
        addBenchmark(organisation, system, weak ? Metric.THROUGHPUT : Metric.TIME_TO_TRAIN, benchmark);
    }

    private void addOrganisation(Path organisation) throws IOException {
        for (Path file : open(organisation.resolve(SYSTEMS)).files()) {
            if (Folder.name(file).endsWith(".json")) {
                systemFiles.add(file);
            }
        }
        for (Path system : open(organisation.resolve(RESULTS)).folders()) {
            if (scalingLevel.test(system)) {
                addMetrics(organisation, system);
            } else {
                addBenchmarks(organisation, system, Metric.TIME_TO_TRAIN, system);
            }
        }
    }

    private void addMetrics(Path organisation, Path system) throws IOException {
        for (Path folder : open(system).folders()) {
            String name = Folder.name(folder);
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
        for (Path folder : open(parent).folders()) {
            addBenchmark(organisation, system, metric, folder);
        }
    }

    private void addBenchmark(Path organisation, Path system, Metric metric, Path path) throws IOException {
        Folder folder = open(path);
        boolean prunes = metric == Metric.THROUGHPUT && Folder.is(path.resolve(PRUNED));
        List<String> others = folder.names().stream()
                .filter(name -> !name.matches(Folder.LOG) && !KNOWN_FILES.contains(name))
                .filter(name -> !(prunes && name.equals(PRUNED)))
                .toList();
        sets.add(new ResultSet(
                organisation,
                Folder.name(system),
                metric,
                Folder.name(path),
                path,
                folder.logs(),
                prunes ? open(path.resolve(PRUNED)).logs() : List.of(),
                others));
    }

    private Folder open(Path path) throws IOException {
        Folder folder = Folder.of(path);
        if (!folder.links().isEmpty()) {
            links.put(path, folder.links());
        }
        return folder;
    }
}
