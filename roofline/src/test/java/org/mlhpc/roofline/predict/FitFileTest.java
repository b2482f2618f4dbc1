package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitFileTest {
    private final FittedRuns runs = SyntheticFit.runs();

    @Test
    void fitFilesComeBackAsTheyWere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("fit.json");
        FitFile.write(file, runs);
        assertEquals(runs, FitFile.read(file));
        assertEquals(1, Objects.requireNonNull(folder.toFile().list()).length);
    }

    @Test
    void damagedFitFilesAreNamed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("fit.json");
        FitFile.write(file, runs);
        String text = Files.readString(file);
        for (String damaged : List.of(text.substring(0, text.length() / 2), "{}", "null", "[]", "7")) {
            Files.writeString(file, damaged);
            var thrown = assertThrows(IOException.class, () -> FitFile.read(file));
            assertTrue(thrown.getMessage().startsWith(file.toString()), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("roofline fit"), thrown.getMessage());
        }
    }

    /** Whose members may be of another kind: what is wrong is the format. */
    @Test
    void olderFormatsAreNamed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("fit.json");
        Files.writeString(file, "{\"format\": 4, \"held_out\": []}");
        var thrown = assertThrows(IOException.class, () -> FitFile.read(file));
        assertTrue(
                thrown.getMessage().endsWith("is not a fit of format 5, but of 4; make one with ./mlhpc roofline fit"),
                thrown.getMessage());
    }
}
