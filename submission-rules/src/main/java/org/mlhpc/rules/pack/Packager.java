package org.mlhpc.rules.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mlhpc.results.tree.Folder;
import org.mlhpc.rules.report.CheckReport;
import org.mlhpc.rules.report.VerdictFormat;
import org.mlhpc.rules.tree.SetVerdict;
import org.mlhpc.rules.tree.SubmissionChecker;
import org.mlhpc.rules.tree.TreeVerdict;

/** Makes the folder of an organisation from finished runs. It appears whole and checked, or not at all. */
public final class Packager {
    private final Redaction redaction;

    /** @param redaction of this machine and user; those of the runs are added */
    public Packager(Redaction redaction) {
        this.redaction = redaction;
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
        String system = description(request.systemFile());
        PackagedRuns runs = Qualification.require(request.runFolders(), request.metric(), request.rules());
        requireDivision(request, system, runs.division());
        Path parent = Folder.parent(request.target().toAbsolutePath().normalize());
        Path partial = Files.createTempDirectory(existing(parent), "package-");
        try {
            var folder = new RedactedFolder(
                    partial,
                    redaction.with(
                            runs.all().stream().map(PackagedRuns.Run::record).toList(), request.runFolders()));
            write(folder, request, system, runs);
            PackageManifest manifest = seal(folder, request, runs);
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectories(parent);
            Files.move(partial, request.target(), StandardCopyOption.ATOMIC_MOVE);
            return manifest;
        } finally {
            delete(partial);
        }
    }

    /** The folder that is there of those that lead to {@code folder}: a refused submission makes none. */
    private static Path existing(Path folder) {
        Path existing = folder;
        while (Files.notExists(existing)) {
            existing = Folder.parent(existing);
        }
        return existing;
    }

    private static String description(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "there is no system description " + file + "; write it with ./mlhpc system describe --out " + file);
        }
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8; write it anew with ./mlhpc system describe", e);
        }
    }

    /** The system description decides by which rules a submission is judged. */
    private static void requireDivision(PackageRequest request, String system, String division)
            throws IOException, NotQualified {
        String described;
        try {
            described = JsonMapper.builder()
                    .build()
                    .readTree(system)
                    .path("division")
                    .asText();
        } catch (JsonProcessingException e) {
            throw new NotQualified(request.systemFile() + " is no JSON: " + e.getOriginalMessage()
                    + "; write it anew with ./mlhpc system describe");
        }
        if (!described.equals(division)) {
            throw new NotQualified("the logs are of the " + division + " division, but " + request.systemFile()
                    + " says division '" + described + "': describe it with --set division=" + division);
        }
    }

    private static void write(RedactedFolder out, PackageRequest request, String description, PackagedRuns runs)
            throws IOException {
        Path organisation = Path.of(request.organisation());
        out.write(organisation.resolve("systems").resolve(request.system() + ".json"), description);
        Path system = organisation.resolve("results").resolve(request.system());
        Path metric = request.rules().isOfFirstRound()
                ? system
                : system.resolve(request.metric().folder());
        Path results = metric.resolve(runs.benchmark());
        writeLogs(out, results, runs.counted());
        writeLogs(out, results.resolve("pruned_results"), runs.pruned());
        new ImplementationFiles(request, runs).write(organisation.resolve("benchmarks"), out);
    }

    private static void writeLogs(RedactedFolder out, Path folder, List<PackagedRuns.Run> runs) throws IOException {
        for (int i = 0; i < runs.size(); i++) {
            out.write(
                    folder.resolve("result_" + i + ".txt"),
                    RedactedFolder.read(runs.get(i).log()));
        }
    }

    private static PackageManifest seal(RedactedFolder out, PackageRequest request, PackagedRuns runs)
            throws IOException, NotQualified {
        Path folder = out.path();
        TreeVerdict verdict = new SubmissionChecker(request.rules(), false).check(folder);
        if (!verdict.passed() || verdict.sets().isEmpty()) {
            var report = new CheckReport(request.rules().name(), List.of(), List.of(verdict));
            throw new NotQualified("the submission would be rejected:\n"
                    + VerdictFormat.TEXT.format(report).replace(folder + "/", ""));
        }
        var scores = new TreeMap<String, Double>();
        for (SetVerdict set : verdict.sets()) {
            set.score()
                    .ifPresent(score ->
                            scores.put(folder.relativize(set.set().folder()).toString(), score));
        }
        PackageManifest manifest = PackageManifest.of(
                runs.program(), request.rules().name(), runs.first().settingsHash(), scores, Checksums.of(folder));
        manifest.write(folder);
        out.requireNoLeak();
        return manifest;
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
