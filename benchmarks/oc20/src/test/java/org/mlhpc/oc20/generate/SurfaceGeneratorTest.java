package org.mlhpc.oc20.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.OpenCatalyst;
import org.mlhpc.oc20.data.AtomGraph;
import org.mlhpc.oc20.data.Edges;

class SurfaceGeneratorTest {
    @TempDir
    private Path directory;

    private final Settings settings = new OpenCatalyst()
            .settings("tiny")
            .with(Map.of("gen_train_samples", "20", "gen_validation_samples", "5", "gen_files", "2"));

    private Path generate(String name, Settings with, long seed, int threads) throws IOException {
        Path out = directory.resolve(name);
        new SurfaceGenerator(with).generate(out, seed, threads, Progress.none());
        return out;
    }

    @Test
    void theSameSeedGivesTheSameFilesWhateverTheThreads() throws IOException {
        Path one = generate("one", settings, 1, 1);
        Path many = generate("many", settings, 1, 3);
        Path none = generate("none", settings, 1, 0);
        Path other = generate("other", settings, 2, 3);

        Manifest manifest = Manifest.read(one);
        assertEquals(4, manifest.files().size());
        assertEquals(manifest, Manifest.read(many));
        assertEquals(manifest, Manifest.read(none));
        assertNotEquals(manifest.files(), Manifest.read(other).files());
        assertEquals(List.of(), manifest.verify(one, Progress.none()));
        assertArrayEquals(
                Files.readAllBytes(one.resolve("train/data.0001.lmdb")),
                Files.readAllBytes(many.resolve("train/data.0001.lmdb")));
    }

    @Test
    void foldersInUseAreRefused() throws IOException {
        Path out = generate("out", settings, 1, 1);
        var e = assertThrows(
                IOException.class, () -> new SurfaceGenerator(settings).generate(out, 1, 1, Progress.none()));
        assertTrue(e.getMessage().contains(out + " is not empty"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void systemsAreSlabsWithAnAdsorbate(long seed) {
        GeneratorSettings with = settings.with("gen_edges", true).bind(GeneratorSettings.class);
        List<AtomGraph> frames = new SurfaceSystem(with, 7, seed).frames();

        assertEquals(with.genFrames(), frames.size());
        for (AtomGraph graph : frames) {
            assertEquals(7, graph.system());
            for (int atom = 0; atom < graph.atoms(); atom++) {
                assertEquals(graph.tags()[atom] == Structure.BELOW, graph.fixed()[atom]);
                assertEquals(graph.tags()[atom] != Structure.ADSORBATE, graph.atomicNumbers()[atom] > 8);
            }
            Edges edges = graph.edges().orElseThrow();
            int[] incoming = new int[graph.atoms()];
            for (int target : edges.target()) {
                incoming[target]++;
            }
            for (int count : incoming) {
                assertTrue(count >= 1 && count <= with.maxNeighbors(), "edges " + count);
            }
            for (double force : graph.forces()) {
                assertTrue(Math.abs(force) < 60, "force " + force);
            }
            assertTrue(Math.abs(graph.energy()) < 50, "energy " + graph.energy());
        }
        assertNotEquals(frames.get(0).energy(), frames.get(1).energy());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gen_metals=h",
                "gen_repeats=0",
                "gen_layers=1",
                "gen_rattle=3",
                "gen_files=0",
                "gen_facets=fcc123"
            })
    void wrongSettingsAreNamed(String setting) {
        String[] pair = setting.split("=", 2);
        Settings wrong = settings.with(pair[0], pair[1]);

        var e = assertThrows(IllegalArgumentException.class, () -> new SurfaceGenerator(wrong));
        assertTrue(e.getMessage().contains(pair[0] + "="), e.getMessage());
    }

    /** What a data set is refused with. */
    private Exception failure(Settings with, Path out, Progress progress) {
        return assertThrows(Exception.class, () -> new SurfaceGenerator(with).generate(out, 1, 2, progress));
    }

    private static void assertNothingIsUnfinished(Path out) throws IOException {
        assertFalse(Files.exists(out.resolve(Manifest.FILE_NAME)));
        try (Stream<Path> files = Files.walk(out)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".partial")).toList());
        }
    }

    @Test
    void afterAFailureNobodyGoesOnWorking() throws IOException {
        Path out = directory.resolve("out");
        Path file = out.resolve("train/data.0000.lmdb");
        // A folder that is not empty in the place of the file: the superuser can write to everything else.
        Progress obstruct = (done, total, unit) -> makeFolders(file.resolve("mine"));

        Exception e = failure(settings.with("gen_repeats", "4"), out, obstruct);

        assertTrue(
                Thread.getAllStackTraces().values().stream().flatMap(Stream::of).noneMatch(frame -> frame.getClassName()
                        .equals(SurfaceSystem.class.getName())),
                "workers have ended");
        assertTrue(e.getMessage().startsWith("cannot write " + file), e.getMessage());
        assertTrue(e.getMessage().endsWith("free some space or choose another directory"), e.getMessage());
        assertNothingIsUnfinished(out);
    }

    private static void makeFolders(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anInterruptionIsNotTakenForAFullDisk() throws Exception {
        Path out = directory.resolve("out");
        var failures = new ArrayList<Exception>();
        var interrupted = new Thread(() -> failures.add(failure(
                settings, out, (done, total, unit) -> Thread.currentThread().interrupt())));
        interrupted.start();
        interrupted.join();

        assertTrue(
                failures.get(0) instanceof InterruptedIOException
                        || failures.get(0) instanceof ClosedByInterruptException,
                failures.toString());
        assertNothingIsUnfinished(out);
    }

    @Test
    void edgesThatCannotBeFoundAreTheFaultOfTheSettings() throws IOException {
        Path out = directory.resolve("out");

        Exception e = failure(settings.with(Map.of("gen_edges", "true", "cutoff", "50")), out, Progress.none());

        assertEquals(IllegalArgumentException.class, e.getClass());
        assertTrue(e.getMessage().startsWith("setting cutoff=50.0 with gen_edges=true: "), e.getMessage());
        assertNothingIsUnfinished(out);
    }
}
