package org.mlhpc.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Work;

class RunRecordFileTest {
    private static final RunRecord.Input INPUT = new RunRecord.Input(1, Optional.empty(), 0.125, 3.1, 2);
    private static final RunRecord RUN = new RunRecord(
            "cosmoflow",
            "tiny",
            0,
            7,
            "open",
            "success",
            Instant.parse("2026-01-02T03:04:05.678Z"),
            new RunRecord.Suite("1.0", "abc", List.of("run", "cosmoflow")),
            Map.of("base_lr", "0.1"),
            "00ff",
            new RunRecord.Goal("eval_error", true, 0.124),
            new RunRecord.Model(1000, 2e9),
            new RunRecord.Machine(
                    "host", 1, 2, 1, "cpu", 2, 1L << 30, "", 0, "Linux", "JDK", "Open MPI", "libtorch", "jemalloc"),
            Map.of("forward", 0.1),
            12.5,
            16.0,
            Optional.empty(),
            List.of(new RunRecord.Epoch(1, 0.1, 64, 4, 0.25, 1, 0.5, 0.3, 0.2, Optional.of(INPUT))),
            List.of(new RunRecord.Rank(0, 0.5, 0.1, 0)),
            new Work(1e12, Map.of(Channel.NETWORK, 3.0)),
            List.of("a note"));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("run.json");
        RunRecordFile.write(file, RUN);
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        assertEquals(RUN, RunRecordFile.read(file));
        assertArrayEquals(new String[] {"run.json"}, folder.toFile().list());
    }

    @Test
    void leavesOutWhatWasNotMeasured() throws IOException {
        String json = Files.readString(file);
        assertTrue(json.contains("\"staging\" : null"), json);
        assertFalse(json.contains("STORAGE"), json);
        assertTrue(json.contains("\"started\" : \"2026-01-02T03:04:05.678Z\""), json);
    }

    @Test
    void namesADamagedFile() throws IOException {
        String json = Files.readString(file);
        Files.writeString(file, json.substring(0, json.length() / 2));
        var e = assertThrows(IOException.class, () -> RunRecordFile.read(file));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }

    @Test
    void namesAMissingMember() throws IOException {
        Files.writeString(file, Files.readString(file).replace("\"wall_seconds\"", "\"other_seconds\""));
        var e = assertThrows(IOException.class, () -> RunRecordFile.read(file));
        assertTrue(e.getMessage().contains("wall_seconds"), e.getMessage());
    }

    @Test
    void keepsTheOldFileIfTheNewOneCannotBeWritten() throws IOException {
        Files.createDirectory(folder.resolve("run.json.partial"));
        assertThrows(IOException.class, () -> RunRecordFile.write(file, RUN));
        assertEquals(RUN, RunRecordFile.read(file));
    }
}
