package org.mlhpc.cosmoflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;

class UniverseGeneratorTest {
    private static final int TRAIN_SAMPLES = 10;
    private static final int VALIDATION_SAMPLES = 4;

    @TempDir
    Path directory;

    /** Universes of eight cubes each: the second of the training ones is not used up. */
    private static Settings settings() {
        return defaults()
                .with(Map.of(
                        "sample_size", "8",
                        "gen_box_cells", "16",
                        "gen_cell_size", "4",
                        "gen_train_samples", Integer.toString(TRAIN_SAMPLES),
                        "gen_validation_samples", Integer.toString(VALIDATION_SAMPLES)));
    }

    private static Settings defaults() {
        return Settings.load(UniverseGenerator.class, "/org/mlhpc/cosmoflow/cosmoflow.properties");
    }

    private static void generate(Settings settings, Path directory, long seed, int threads) throws IOException {
        new UniverseGenerator(settings).generate(directory, seed, threads, Progress.none());
    }

    @Test
    void everySampleIsAFileNamedAsPublishedAndTheManifestKnowsIt() throws IOException {
        var done = new AtomicLong();
        new UniverseGenerator(settings()).generate(directory, 3, 2, (samples, total, unit) -> {
            done.accumulateAndGet(samples, Math::max);
            assertEquals(TRAIN_SAMPLES + VALIDATION_SAMPLES, total);
            assertEquals("samples", unit);
        });
        Manifest manifest = Manifest.read(directory);
        assertEquals(TRAIN_SAMPLES, count(manifest, "train/[^_/]+_[^_/]+_[0-9]{3}\\.tfrecord"));
        assertEquals(VALIDATION_SAMPLES, count(manifest, "validation/[^_/]+_[^_/]+_[0-9]{3}\\.tfrecord"));
        assertEquals(TRAIN_SAMPLES + VALIDATION_SAMPLES, done.get());
        assertEquals(List.of(), manifest.verify(directory, Progress.none()));
        assertEquals("3", manifest.properties().get("seed"));
        assertEquals(defaults().get("gen_redshifts"), manifest.properties().get("gen_redshifts"));
    }

    private static long count(Manifest manifest, String pattern) {
        return manifest.files().keySet().stream()
                .filter(path -> path.matches(pattern))
                .count();
    }

    @Test
    void theNumberOfThreadsDoesNotChangeTheFilesButTheSeedDoes() throws IOException {
        generate(settings(), directory.resolve("one"), 1, 1);
        generate(settings(), directory.resolve("two"), 1, 2);
        generate(settings(), directory.resolve("other"), 2, 2);
        assertEquals(Manifest.read(directory.resolve("one")), Manifest.read(directory.resolve("two")));
        assertNotEquals(
                Manifest.read(directory.resolve("one")).files(),
                Manifest.read(directory.resolve("other")).files());
    }

    @Test
    void everyGeneratorSettingIsDeclaredAsADependencyOfTheData() {
        var expected = defaults().asMap().keySet().stream()
                .filter(key -> key.startsWith("gen_"))
                .collect(Collectors.toCollection(TreeSet::new));
        expected.add("sample_size");
        assertEquals(expected, new TreeSet<>(new UniverseGenerator(settings()).settingKeys()));
    }

    @Test
    void aDirectoryInUseIsLeftAlone() throws IOException {
        Files.writeString(directory.resolve("thesis.tex"), "");
        var e = assertThrows(IOException.class, () -> generate(settings(), directory, 1, 1));
        assertTrue(e.getMessage().contains(directory + " is not empty"), e.getMessage());
        assertTrue(Files.exists(directory.resolve("thesis.tex")));
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        var e = assertThrows(IOException.class, () -> generate(settings(), file, 1, 1));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        e = assertThrows(IOException.class, () -> generate(settings(), file.resolve("below"), 1, 1));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }

    @Test
    void whenWritingFailsHalfwayTheFileIsNamedAndThereIsNoManifest() {
        Path validation = directory.resolve("validation");
        var e = assertThrows(IOException.class, () -> new UniverseGenerator(settings())
                .generate(directory, 1, 1, (done, total, unit) -> replaceByFile(validation)));
        assertTrue(e.getMessage().contains(validation.toString()), e.getMessage());
        assertFalse(Files.exists(directory.resolve(Manifest.FILE_NAME)));
    }

    private static void replaceByFile(Path folder) {
        try {
            if (Files.deleteIfExists(folder)) {
                Files.writeString(folder, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void unusableSettingsAreNamed() {
        assertRejected("gen_box_cells", "20");
        assertRejected("gen_particles_per_cell", "7");
        assertRejected("gen_particles_per_cell", "-1");
        assertRejected("gen_redshifts", "1, 0");
        assertRejected("gen_redshifts", "3, 2, 1, -0.5");
        assertRejected("gen_vary", "dark_energy");
        assertRejected("gen_spread", "0.9");
        assertRejected("gen_train_samples", "0");
        assertRejected("gen_validation_samples", "0");
        assertRejected("gen_cell_size", "0");
        assertRejected("gen_compression", "xz");
        assertRejected("sample_size", "0");
    }

    private static void assertRejected(String key, String value) {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new UniverseGenerator(settings().with(key, value)));
        assertTrue(e.getMessage().contains(key), e.getMessage());
    }
}
