package org.mlhpc.results.mllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlLogReaderTest {
    private static final String EVENT =
            ":::MLLOG {\"time_ms\":5,\"key\":\"seed\",\"value\":7,\"metadata\":{\"epoch_num\":1}}";

    private static List<MlLogLine> read(InputStream in) throws IOException {
        var lines = new ArrayList<MlLogLine>();
        try (var reader = new MlLogReader(in)) {
            for (Optional<MlLogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines.add(line.get());
            }
        }
        return lines;
    }

    private static List<MlLogLine> read(String text) throws IOException {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void readsWhatTheWriterWrote(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("result_0.txt");
        try (var log = new MlLogWriter(file, 0, () -> Instant.ofEpochMilli(9))) {
            log.start("run_start", Map.of());
            log.point("eval_error", 0.25, Map.of("epoch_num", 3));
        }

        try (var reader = MlLogReader.open(file)) {
            reader.next();
            var event = assertInstanceOf(MlLogEvent.class, reader.next().orElseThrow());
            assertEquals(2, event.line());
            assertEquals(9, event.timeMillis());
            assertEquals("eval_error", event.key());
            assertEquals(0.25, event.value().doubleValue());
            assertEquals(3, event.metadata().path("epoch_num").intValue());
            assertEquals(Optional.empty(), reader.next());
        }
    }

    @Test
    void otherLinesAreSkippedAndCounted() throws IOException {
        List<MlLogLine> lines = read("hello\r\n\rrank 0: " + EVENT + "\r\n:::MLLOGno\n" + EVENT);

        assertEquals(List.of(3L, 5L), lines.stream().map(MlLogLine::line).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"time_ms\":5 | JSON",
                "{} {} | JSON",
                "[1] | JSON",
                "'' | JSON",
                "{\"time_ms\":5,\"value\":7,\"metadata\":{}} | MEMBER",
                "{\"time_ms\":null,\"key\":\"a\",\"value\":7,\"metadata\":{}} | TIME",
                "{\"time_ms\":\"soon\",\"key\":\"a\",\"value\":7,\"metadata\":{}} | TIME"
            })
    void aBrokenLineIsAValueAndTheNextOneIsRead(String json, MalformedLine.Fault fault) throws IOException {
        List<MlLogLine> lines = read(":::MLLOG " + json + "\n" + EVENT);

        assertEquals(fault, assertInstanceOf(MalformedLine.class, lines.get(0)).fault());
        assertInstanceOf(MlLogEvent.class, lines.get(1));
    }

    @Test
    void aLineTooLongForMemoryIsReportedAndPassed() throws IOException {
        byte[] chunk = "x".repeat(1 << 20).getBytes(StandardCharsets.ISO_8859_1);
        int chunks = MlLogReader.LONGEST_LINE_BYTES / chunk.length + 2;
        var parts = new ArrayList<InputStream>();
        IntStream.range(0, chunks).forEach(i -> parts.add(new ByteArrayInputStream(chunk)));
        parts.add(new ByteArrayInputStream(("\n" + EVENT).getBytes(StandardCharsets.ISO_8859_1)));

        List<MlLogLine> lines = read(new SequenceInputStream(Collections.enumeration(parts)));

        assertEquals(
                MalformedLine.Fault.LENGTH,
                assertInstanceOf(MalformedLine.class, lines.get(0)).fault());
        assertEquals(2, assertInstanceOf(MlLogEvent.class, lines.get(1)).line());
    }
}
