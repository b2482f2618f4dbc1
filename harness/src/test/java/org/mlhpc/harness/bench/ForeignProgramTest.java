package org.mlhpc.harness.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Settings;

class ForeignProgramTest {
    @TempDir
    private Path directory;

    private static double[] time(String command, int batch) throws IOException {
        return time(command, batch, Optional.empty());
    }

    private static double[] time(String command, int batch, Optional<Path> batchFile) throws IOException {
        var task = new ForeignProgram.Task(Settings.of(Map.of("dropout", "0.5")), batch, batchFile, 2);
        try (var program = new ForeignProgram(command, true, task)) {
            return program.secondsPerSample(1, 2);
        }
    }

    @Test
    void readsSecondsOfStepsAndGivesThemPerSample() throws IOException {
        assertArrayEquals(new double[] {0.5, 1}, time("cat > /dev/null; echo 2; echo 4", 4));
    }

    @Test
    void tellsTheProgramWhatToDo() throws IOException {
        Path request = directory.resolve("request.json");
        time("cat > '" + request + "'; echo 1; echo 1", 4);

        JsonNode sent = new ObjectMapper().readTree(request.toFile());
        assertEquals("0.5", sent.at("/settings/dropout").asText());
        assertEquals(4, sent.get("batch").asInt());
        assertEquals(2, sent.get("threads").asInt());
        assertEquals(1, sent.get("warm_up").asInt());
        assertEquals(2, sent.get("steps").asInt());
        assertFalse(sent.has("batch_file"));
    }

    @Test
    void tellsALoaderWhereTheDataAre() throws IOException {
        Path request = directory.resolve("request.json");
        var settings = Settings.of(Map.of());
        var task = new ForeignProgram.Task("deflate", settings, 3, Optional.of(directory), Optional.empty(), 1);
        try (var program = new ForeignProgram("cat > '" + request + "'; echo 1; echo 1", true, task)) {
            assertEquals("other program, deflate", program.label());
            program.secondsPerSample(1, 2);
        }

        JsonNode sent = new ObjectMapper().readTree(request.toFile());
        assertEquals(directory.toString(), sent.get("data").asText());
        assertEquals(3, sent.get("batch").asInt());
    }

    @Test
    void tellsTheProgramWhereTheBatchIs() throws IOException {
        Path request = directory.resolve("request.json");
        Path batch = directory.resolve("batch.safetensors");
        time("cat > '" + request + "'; echo 1; echo 1", 4, Optional.of(batch));

        JsonNode sent = new ObjectMapper().readTree(request.toFile());
        assertEquals(batch.toString(), sent.get("batch_file").asText());
    }

    /** More than a pipe holds, so that it cannot be written. */
    @Test
    void reportsWhatAProgramSaidThatReadNothing() throws IOException {
        var settings = Settings.of(Map.of("dropout", "0".repeat(1 << 20)));
        var task = new ForeignProgram.Task(settings, 1, Optional.empty(), 1);
        try (var program = new ForeignProgram("echo no such module >&2; exit 5", true, task)) {
            var e = assertThrows(IOException.class, () -> program.secondsPerSample(1, 1));
            assertTrue(e.getMessage().endsWith("ended with status 5: no such module"), e.getMessage());
        }
    }

    @Test
    void reportsWhatAFailingProgramSaid() {
        var e = assertThrows(IOException.class, () -> time("cat > /dev/null; echo no such module >&2; exit 5", 1));
        assertTrue(e.getMessage().contains("status 5: no such module"), e.getMessage());
    }

    @Test
    void refusesAnythingButThePositiveNumbersItAskedFor() {
        for (String printed : new String[] {"echo 1", "echo 1; echo 2; echo 3", "echo 1; echo two", "echo 1; echo 0"}) {
            var e = assertThrows(IOException.class, () -> time("cat > /dev/null; " + printed, 1));
            assertTrue(e.getMessage().contains("should print"), e.getMessage());
        }
    }
}
