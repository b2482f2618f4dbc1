package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.Tmpfs;

/** Whole runs of CosmoFlow on a few samples of 8^3 cells: what a user sees when something is wrong with the files. */
class DamagedDataTest {
    private static final String[] SMALL = {
        "--set", "sample_size=8",
        "--set", "conv_layers=2",
        "--set", "conv_filters=2",
        "--set", "global_batch_size=2",
        "--set", "max_epochs=2",
        "--set", "gen_box_cells=8",
        "--set", "gen_train_samples=6",
        "--set", "gen_validation_samples=2",
        "--set", "gen_particles_per_cell=1"
    };

    @TempDir
    private static Path original;

    @TempDir
    private Path directory;

    @BeforeAll
    static void generate() {
        for (String compression : new String[] {"gzip", "none"}) {
            Captured result = mlhpc(
                    "data generate cosmoflow --set gen_compression=" + compression + " --out "
                            + original.resolve(compression),
                    SMALL);
            assertEquals(0, result.code(), result.err());
        }
    }

    private static Captured mlhpc(String words, String... more) {
        String[] arguments = Stream.concat(Arrays.stream(words.split(" ", -1)), Arrays.stream(more))
                .toArray(String[]::new);
        return Captured.of(arguments);
    }

    private Path copy(String compression) throws IOException {
        Path copy = directory.resolve("data");
        try (Stream<Path> files = Files.walk(original.resolve(compression))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        copy.resolve(
                                original.resolve(compression).relativize(file).toString()));
            }
        }
        return copy;
    }

    private static Path aSample(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("train"))) {
            return files.sorted().skip(3).findFirst().orElseThrow();
        }
    }

    private Captured run(Path data, Path out, String... more) {
        return mlhpc("run cosmoflow --data " + data + " --out " + out, concat(SMALL, more));
    }

    private static String[] concat(String[] first, String[] second) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(String[]::new);
    }

    private void assertRefused(Captured result, int code, String named) throws IOException {
        assertEquals(code, result.code(), result.err());
        assertTrue(result.err().contains(named), result.err());
        assertFalse(result.err().contains("\tat "), result.err());
        Path out = directory.resolve("out");
        assertFalse(Files.exists(out.resolve("result_0.txt")));
        assertFalse(Files.exists(out.resolve("run.json")));
        assertFalse(Files.exists(out.resolve("report.html")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "none"})
    void aTruncatedSampleStopsTheRunAndIsNamed(String compression) throws IOException {
        Path data = copy(compression);
        Path sample = aSample(data);
        byte[] bytes = Files.readAllBytes(sample);
        Files.write(sample, Arrays.copyOf(bytes, bytes.length - 9));

        assertRefused(run(data, directory.resolve("out")), 3, sample.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "none"})
    void aFlippedBitStopsTheRunAndIsNamed(String compression) throws IOException {
        Path data = copy(compression);
        Path sample = aSample(data);
        byte[] bytes = Files.readAllBytes(sample);
        // In the checksum of the GZIP stream or the last data of the plain file: elsewhere a GZIP stream may mean the
        // same.
        bytes[bytes.length - 6] ^= 1;
        Files.write(sample, bytes);

        assertRefused(run(data, directory.resolve("out")), 3, sample.toString());
    }

    @Test
    void samplesOfAnotherSizeAreNamedWithTheSettingToChange() throws IOException {
        Captured result = run(copy("none"), directory.resolve("out"), "--set", "sample_size=16");

        assertRefused(result, 3, "set sample_size=8");
    }

    @Test
    void anEmptyFolderIsNamedWithTheFix() throws IOException {
        Path data = directory.resolve("empty");
        Files.createDirectories(data.resolve("train"));

        assertRefused(run(data, directory.resolve("out")), 3, data.resolve("train") + " holds no");
    }

    @Test
    void aMissingFolderIsNamed() throws IOException {
        Path data = directory.resolve("nosuch");

        assertRefused(run(data, directory.resolve("out")), 3, data.toString());
    }

    @Test
    void aMistypedFolderLeavesNothingThatWouldStopTheNextTry() throws IOException {
        Path out = directory.resolve("out");
        run(directory.resolve("mistyped"), out);
        assertEquals(1, run(copy("none"), out, "--max-steps", "1").code(), "trained, and missed the target");
        assertTrue(Files.exists(out.resolve("result_0.txt")));
    }

    @Test
    void anOutputFolderThatIsAFileIsNamed() throws IOException {
        Path out = Files.writeString(directory.resolve("out"), "mine");

        Captured result = run(copy("none"), out);

        assertRefused(result, 3, out.toString());
        assertEquals("mine", Files.readString(out));
    }

    /** Holds for the superuser too, whom permissions do not stop. */
    @Test
    void anOutputFolderThatCannotBeMadeIsNamed() throws IOException {
        Path out = Path.of("/proc/nosuch/out");

        assertRefused(run(copy("none"), out), 3, "cannot write to " + out + ": choose another --out");
    }

    @Test
    void aReadOnlyOutputFolderIsNamed() throws Exception {
        try (Tmpfs disk = Tmpfs.mount(directory.resolve("out"), "ro")) {
            Path out = disk.folder();
            assertRefused(run(copy("none"), out), 3, "cannot write to " + out + ": choose another --out");
        }
    }

    @Test
    void missingWeightsAreNamedBeforeAnythingIsBegun() throws IOException {
        Path weights = directory.resolve("nosuch.safetensors");

        Captured result = run(copy("none"), directory.resolve("out"), "--init-weights", weights.toString());

        assertRefused(result, 3, weights.toString());
        assertFalse(Files.exists(directory.resolve("out")));
    }

    @Test
    void aFullDiskIsSaidAndLeavesARunThatCanBeResumed() throws Exception {
        try (Tmpfs disk = Tmpfs.mount(directory.resolve("out"), "size=20k")) {
            Path out = disk.folder();
            Captured result = run(copy("none"), out);

            assertEquals(3, result.code(), result.err());
            assertTrue(result.err().contains("No space left on device"), result.err());
            assertTrue(result.err().contains(out.toString()), result.err());
            assertFalse(Files.exists(out.resolve("result_0.txt")));
            disk.remount("size=20m");
            Captured resumed = run(original.resolve("none"), out, "--resume");
            assertTrue(resumed.code() <= 1, resumed.err());
            assertTrue(Files.exists(out.resolve("result_0.txt")), resumed.err());
        }
    }

    @Test
    void theSameSeedTwiceGivesTheSameLogValues() throws IOException {
        assertEquals(valuesOfARun("a", 7), valuesOfARun("b", 7));
    }

    @Test
    void anotherSeedGivesOtherValues() throws IOException {
        assertFalse(valuesOfARun("a", 7).equals(valuesOfARun("b", 8)));
    }

    /** Everything in the log but times, rates and places in the source. */
    private List<String> valuesOfARun(String name, int seed) throws IOException {
        Path out = directory.resolve(name);
        Captured result = run(original.resolve("gzip"), out, "--seed", Integer.toString(seed));
        assertTrue(result.code() <= 1, result.err());
        var values = new ArrayList<String>();
        for (String line : Files.readAllLines(out.resolve("result_0.txt"))) {
            JsonNode event = new ObjectMapper().readTree(line.substring(line.indexOf('{')));
            String key = event.get("key").asText();
            if (!key.equals("tracked_stats") && !key.equals("seed")) {
                values.add(key + "=" + event.get("value") + " " + event.at("/metadata/epoch_num"));
            }
        }
        assertTrue(values.stream().anyMatch(value -> value.startsWith("eval_error=")), values.toString());
        return values;
    }
}
