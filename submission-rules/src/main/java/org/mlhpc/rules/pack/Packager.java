package org.mlhpc.rules.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.report.CheckReport;
import org.mlhpc.rules.report.VerdictFormat;
import org.mlhpc.rules.tree.SetVerdict;
import org.mlhpc.rules.tree.SubmissionChecker;
import org.mlhpc.rules.tree.TreeVerdict;

/**
 * Makes the folder of an organisation from finished runs. It appears whole and checked, or not at all.
 */
public final class Packager {
    private final Redaction redaction;
    private final String suite;

    /** @param suite version of the suite, for the manifest */
    public Packager(Redaction redaction, String suite) {
        this.redaction = redaction;
        this.suite = suite;
    }

    /**
     * Makes {@code request.target()}.
     *
     * @throws NotQualified if the runs cannot be submitted
     * @throws IOException if something cannot be read or written, or a secret would leak
     */
    public PackageManifest make(PackageRequest request) throws IOException, NotQualified {
        if (Files.exists(request.target())) {
            throw new IOException(request.target() + " exists already: choose another --out");
        }
        PackagedRuns runs = qualified(request);
        Path parent = request.target().toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path partial = Files.createTempDirectory(parent, "package-");
        try {
            write(partial.resolve(request.organisation()), request, runs);
            PackageManifest manifest = seal(partial, request, runs);
            Files.move(partial, request.target(), StandardCopyOption.ATOMIC_MOVE);
            return manifest;
        } finally {
            delete(partial);
        }
    }

    private static PackagedRuns qualified(PackageRequest request) throws IOException, NotQualified {
        PackagedRuns runs = PackagedRuns.read(request.runFolders(), new LogChecker(request.rules(), false));
        int wanted = SubmissionChecker.runs(runs.benchmark())
                .orElseThrow(() -> new NotQualified("no rules for benchmark '" + runs.benchmark() + "'"));
        int count = runs.logs().size();
        if (count < wanted) {
            throw new NotQualified(runs.benchmark() + " needs " + wanted + " runs, here are " + count + ": train "
                    + (wanted - count) + " more with seeds of their own, with --runs " + wanted);
        }
        return request.metric() == Metric.THROUGHPUT
                ? runs
                : runs.select(RunSelection.first(runs.judged(), wanted), wanted);
    }

    private void write(Path organisation, PackageRequest request, PackagedRuns runs) throws IOException {
        writeText(
                organisation.resolve("systems").resolve(request.system() + ".json"),
                Files.readString(request.systemFile(), StandardCharsets.UTF_8));
        Path results = organisation
                .resolve("results")
                .resolve(request.system())
                .resolve(request.metric().folder())
                .resolve(runs.benchmark());
        for (int i = 0; i < runs.logs().size(); i++) {
            writeText(results.resolve("result_" + i + ".txt"), read(runs.logs().get(i)));
        }
        new ImplementationFiles(request, runs).write(organisation.resolve("benchmarks"), this::writeText);
    }

    /** Logs are Latin-1: every byte is a character, so what is not replaced stays as it is. */
    private static String read(Path log) throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    private void writeText(Path file, String text) throws IOException {
        String redacted = redaction.apply(text);
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                redacted,
                file.toString().endsWith(".txt") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private PackageManifest seal(Path folder, PackageRequest request, PackagedRuns runs)
            throws IOException, NotQualified {
        TreeVerdict verdict = new SubmissionChecker(request.rules(), false).check(folder);
        if (!verdict.passed()) {
            var report = new CheckReport(request.rules().name(), List.of(), List.of(verdict));
            throw new NotQualified("the submission would be rejected:\n"
                    + VerdictFormat.TEXT.format(report).replace(folder + "/", ""));
        }
        requireNoLeak(folder);
        var scores = new TreeMap<String, Double>();
        for (SetVerdict set : verdict.sets()) {
            set.score()
                    .ifPresent(score ->
                            scores.put(folder.relativize(set.set().folder()).toString(), score));
        }
        var manifest = new PackageManifest(
                suite, request.rules().name(), runs.settingsHash(), scores, PackageManifest.checksums(folder));
        manifest.write(folder);
        return manifest;
    }

    private void requireNoLeak(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                Optional<String> leak = redaction.leak(read(file) + "\n" + folder.relativize(file));
                if (leak.isPresent()) {
                    throw new IOException(
                            folder.relativize(file) + " would tell '" + leak.get() + "'; choose names without it");
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(folder)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
