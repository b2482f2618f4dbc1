package org.mlhpc.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {
    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("site.properties"), content);
    }

    @Test
    void readsWhatAClusterAsksFor() throws IOException {
        Site site = Site.read(
                file(
                        """
                # our cluster
                partition = gpu
                gpus-per-node = 4
                sbatch = --exclusive --mem=0
                modules = openmpi/4.1 java/17
                environment = OMP_NUM_THREADS=8; NOTE=two words
                """));

        assertEquals(
                new Site(
                        List.of("--partition=gpu", "--gpus-per-node=4", "--exclusive", "--mem=0"),
                        List.of("openmpi/4.1", "java/17"),
                        List.of("OMP_NUM_THREADS=8", "NOTE=two words")),
                site);
    }

    @Test
    void anUnknownKeyIsNamedWithTheKnownOnes() throws IOException {
        Path file = file("partiton = gpu");
        var e = assertThrows(IllegalArgumentException.class, () -> Site.read(file));
        assertTrue(e.getMessage().contains(file + ": unknown key 'partiton'"), e.getMessage());
        assertTrue(e.getMessage().contains("partition"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"partition = a b", "sbatch = exclusive", "environment = 1A=b", "account = $(id)"})
    void anUnusableValueIsNamedWithItsFile(String line) throws IOException {
        Path file = file(line);
        var e = assertThrows(IllegalArgumentException.class, () -> Site.read(file));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"90", "1:30", "12:00:00", "1-12", "1-12:30:00"})
    void acceptsTheTimesOfSlurm(String time) {
        assertEquals(2, new JobSpec("n", 1, 2, time, Path.of("/out"), List.of()).ranks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1h", "1:3", "-5"})
    void refusesOtherTimes(String time) {
        assertThrows(IllegalArgumentException.class, () -> new JobSpec("n", 1, 2, time, Path.of("/out"), List.of()));
    }
}
