package org.mlhpc.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordFileTest {
    private static final RunRecord RUN = SampleRecords.RUN;

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
    void aProfileIsReadBackToo() throws IOException {
        RunRecord profiled = SampleRecords.profiled();
        RunRecordFile.write(file, profiled);

        assertEquals(profiled, RunRecordFile.read(file));
    }

    @Test
    void aRecordFromBeforeThereWereProfilesHasNone() throws IOException {
        String text = Files.readString(file).replace("  \"profile\" : null,\n", "");
        assertFalse(text.contains("profile"), text);

        assertEquals(RUN, RunRecordFile.parse("old", text));
    }

    @Test
    void aRecordFromBeforeRunsToldOfInterruptionsAndNodesHasNone() throws IOException {
        var tree = (ObjectNode) RunRecordFile.tree(RUN);
        tree.remove("interruptions");
        tree.path("ranks").forEach(rank -> ((ObjectNode) rank).remove(List.of("node", "own_step_seconds")));

        RunRecord old = RunRecordFile.parse("old", tree.toString());

        assertEquals(List.of(), old.interruptions());
        assertEquals(List.of(new RunRecord.Rank(0, "", 0.5, 0.1, 0, Optional.empty())), old.ranks());
        assertEquals(RUN.epochs(), old.epochs());
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
