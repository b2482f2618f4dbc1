package org.mlhpc.staging.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.files.SourceFile;

class JournalTest {
    @TempDir
    private Path state;

    private static Journal.Line line(String path, long bytes, long finished) {
        return new Journal.Line(
                new SourceFile(path, bytes, 123_456, OptionalLong.empty()),
                new Manifest.Entry(bytes, 0xfedcba98L),
                false,
                finished);
    }

    private void append(int member, Journal.Line... lines) throws IOException {
        try (var journal = Journal.open(state, member)) {
            journal.append(List.of(lines));
        }
    }

    @Test
    void readsBackWhatAllRanksWrote() throws IOException {
        append(0, line("train/with blank", 7, 1));
        append(1, line("train/b", 8, 1));

        assertEquals(
                Map.of("train/with blank", line("train/with blank", 7, 1), "train/b", line("train/b", 8, 1)),
                Journal.read(state));
    }

    @Test
    void theLastLineAboutAFileHoldsWhicheverRankWroteIt() throws IOException {
        append(1, line("a", 7, 20));
        append(0, line("a", 5, 10));

        assertEquals(Map.of("a", line("a", 7, 20)), Journal.read(state));
    }

    @Test
    void aLineThatWasCutOffCountsAsNothingAndHarmsNoOther() throws IOException {
        append(0, line("a", 7, 1), line("b", 8, 1));
        Path file = state.resolve("journal-0");
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 2), StandardOpenOption.TRUNCATE_EXISTING);
        assertEquals(Map.of("a", line("a", 7, 1)), Journal.read(state));

        append(0, line("c", 9, 1));

        assertEquals(line("a", 7, 1), Journal.read(state).get("a"));
        assertEquals(line("c", 9, 1), Journal.read(state).get("c"));
    }
}
