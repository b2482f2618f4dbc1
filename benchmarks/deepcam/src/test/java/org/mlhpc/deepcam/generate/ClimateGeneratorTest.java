package org.mlhpc.deepcam.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.Progress;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.deepcam.DeepCam;
import org.mlhpc.deepcam.data.ImageDataset;
import org.mlhpc.deepcam.data.Images;

class ClimateGeneratorTest {
    @TempDir
    private Path directory;

    private static Settings settings() {
        return new DeepCam()
                .settings("tiny")
                .with(Map.of(
                        "image_height", "48",
                        "image_width", "64",
                        "gen_train_samples", "6",
                        "gen_validation_samples", "2"));
    }

    private Manifest generate(String name, long seed, int threads, Settings settings) throws IOException {
        Path folder = directory.resolve(name);
        new ClimateGenerator(settings).generate(folder, seed, threads, Progress.none());
        return Manifest.read(folder);
    }

    @Test
    void filesDependOnSettingsAndSeedAloneAndAreComplete() throws IOException {
        Manifest one = generate("one", 3, 1, settings());
        Manifest two = generate("two", 3, 3, settings());

        assertEquals(one.files(), two.files());
        assertEquals(6 + 2 + 1, one.files().size());
        assertEquals("3", one.properties().get("seed"));
        assertEquals(List.of(), one.verify(directory.resolve("one"), Progress.none()));
        assertTrue(!one.files().equals(generate("three", 4, 2, settings()).files()));
    }

    @Test
    void validationDoesNotDependOnTheNumberOfTrainingImages() throws IOException {
        Manifest.Entry six = generate("six", 3, 2, settings()).files().get("validation/data-000001.h5");
        Manifest.Entry one = generate("one", 3, 2, settings().with("gen_train_samples", 1))
                .files()
                .get("validation/data-000001.h5");

        assertEquals(six, one);
    }

    @Test
    void whatIsGeneratedCanBeLoadedAndIsScaledToUnitRange() throws IOException {
        generate("set", 3, 2, settings());
        var run = new RunContext(new LocalCommunicator(), settings(), 1, PhaseClock.none(), 2);
        try (ImageDataset dataset = new ImageDataset(directory.resolve("set"), 2, run);
                BatchReader<Images> batches = dataset.train(1)) {
            int steps = 0;
            while (batches.next()) {
                assertTrue(batches.batch().x().min().item_double() >= -1e-5);
                assertTrue(batches.batch().x().max().item_double() <= 1 + 1e-5);
                steps++;
            }
            assertEquals(3, steps);
        }
    }

    @Test
    void aFullDirectoryIsLeftAlone() throws IOException {
        Files.writeString(directory.resolve("mine.txt"), "mine");

        var e = assertThrows(
                IOException.class, () -> new ClimateGenerator(settings()).generate(directory, 1, 1, Progress.none()));

        assertTrue(e.getMessage().contains("not empty"), e.getMessage());
        assertEquals("mine", Files.readString(directory.resolve("mine.txt")));
    }

    /** A worker that is told to end and takes its time is waited for; of what failed nothing is left behind. */
    @Test
    void afterAFailureNobodyGoesOnWriting() throws IOException {
        Path folder = directory.resolve("set");
        var ended = new AtomicBoolean();
        Progress obstruct = (done, total, unit) -> {
            if (done == 1) {
                makeUnwritable(folder.resolve("train/data-000002.h5"));
                takeTimeToEnd(ended);
            }
        };

        var e = assertThrows(
                IOException.class, () -> new ClimateGenerator(settings()).generate(folder, 1, 2, obstruct));

        assertTrue(ended.get(), "the other worker has ended");
        assertTrue(
                e.getMessage().contains("data-000002.h5") && e.getMessage().contains("choose another directory"),
                e.getMessage());
        try (Stream<Path> files = Files.walk(folder)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".partial")).toList());
        }
    }

    /** By a folder that is not empty in its place; the superuser can write to everything else. */
    private static void makeUnwritable(Path file) {
        try {
            Files.createDirectories(file.resolve("mine"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void takeTimeToEnd(AtomicBoolean ended) {
        try {
            new CountDownLatch(1).await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            ended.set(true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gen_train_samples=0", "gen_cyclones=-1", "gen_rivers=1000", "gen_storm_scale=0"})
    void wrongValuesAreNamed(String setting) {
        String[] pair = setting.split("=", 2);

        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new ClimateGenerator(settings().with(pair[0], pair[1])));

        assertTrue(e.getMessage().contains(pair[0] + "=" + pair[1].substring(0, 1)), e.getMessage());
    }
}
