package org.mlhpc.results.mllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlLogWriterTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_123L));

    @TempDir
    private Path directory;

    private Path log() {
        return directory.resolve("result_0.txt");
    }

    /** To the letter of the published logs, spaces included. */
    @Test
    void aLineIsThatOfPublishedLogs() throws IOException {
        try (var writer = new MlLogWriter(log(), 0, CLOCK)) {
            assertEquals(1_700_000_000_123L, writer.start("epoch_start", Map.of("epoch_num", 1)));
            writer.point("decay", List.of(32, 64), Map.of());
            writer.point("org", "M\u00fcller \u65e5\u672c", Map.of());
        }

        List<String> lines = Files.readAllLines(log()).stream()
                .map(line -> line.replaceFirst("\"lineno\": [0-9]+", "\"lineno\": 1"))
                .toList();
        String begin = ":::MLLOG {\"namespace\": \"\", \"time_ms\": 1700000000123, \"event_type\": ";
        String place = "{\"file\": \"MlLogWriterTest.java\", \"lineno\": 1";
        assertEquals(
                List.of(
                        begin + "\"INTERVAL_START\", \"key\": \"epoch_start\", \"value\": null, \"metadata\": " + place
                                + ", \"epoch_num\": 1}}",
                        begin + "\"POINT_IN_TIME\", \"key\": \"decay\", \"value\": [32, 64], \"metadata\": " + place
                                + "}}",
                        begin
                                + "\"POINT_IN_TIME\", \"key\": \"org\", \"value\": \"M\\u00FCller \\u65E5\\u672C\", \"metadata\": "
                                + place + "}}"),
                lines);
    }

    @Test
    void goesOnBehindWhatIsToBeKept() throws IOException {
        Files.writeString(log(), "kept\nto be cut off");

        try (var writer = new MlLogWriter(log(), "kept\n".length(), CLOCK)) {
            writer.end("run_stop", Map.of("status", "success"));
            assertEquals(Files.size(log()), writer.bytes());
        }

        List<String> lines = Files.readAllLines(log());
        assertEquals(2, lines.size());
        assertEquals("kept", lines.get(0));
        assertTrue(lines.get(1).contains("\"status\": \"success\""), lines.get(1));
    }

    @Test
    void aLogShorterThanItWasIsRefused() throws IOException {
        Files.writeString(log(), "short");

        var e = assertThrows(IOException.class, () -> new MlLogWriter(log(), 6, CLOCK));

        assertTrue(e.getMessage().contains(log().toString()), e.getMessage());
        assertEquals("short", Files.readString(log()));
    }
}
