package org.mlhpc.results.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.results.Sha256;
import org.mlhpc.results.entry.SampleLogs;

class RunStoreTest {
    private static final RunStore.Filter ALL = new RunStore.Filter("", "", "", "");

    @TempDir
    private Path folder;

    private Path file;
    private Path log;

    @BeforeEach
    void writeRun() throws IOException {
        file = folder.resolve("new/results.db");
        log = folder.resolve("mine/result_0.txt");
        SampleLogs.write(log, SampleLogs.cosmoflow(4, 64));
        RunRecordFile.write(folder.resolve("mine/run.json"), SampleRecords.RUN);
    }

    private StoredRun run(String system) throws IOException {
        return RunImport.of(log, system, Instant.parse("2026-01-02T03:04:05Z"));
    }

    @Test
    void remembersWhatALogSays() throws IOException {
        try (RunStore store = RunStore.open(file)) {
            assertTrue(store.add(run("mine")));
        }
        try (RunStore store = RunStore.openReadOnly(file)) {
            StoredRun run = store.list(ALL).get(0);
            assertEquals(run("mine").withoutId(), run.withoutId());
            assertEquals("2023-11-14T22:13:20Z", run.started());
            assertEquals(115 / 60.0, run.minutes().orElseThrow(), 1e-9);
            assertEquals(4, run.epochs().orElseThrow());
            assertEquals(Sha256.of(log), run.sha256());
            assertEquals(
                    SampleRecords.RUN, RunRecordFile.parse("run", run.record().orElseThrow()));
            assertEquals(run, store.find(run.id()).orElseThrow());
        }
    }

    @Test
    void hasEachLogOnce() throws IOException {
        try (RunStore store = RunStore.open(file)) {
            assertTrue(store.add(run("mine")));
            assertFalse(store.add(run("renamed")));
            assertEquals(1, store.list(ALL).size());
        }
    }

    @Test
    void filters() throws IOException {
        try (RunStore store = RunStore.open(file)) {
            store.add(run("dgx_1"));
            assertEquals(
                    1,
                    store.list(new RunStore.Filter("cosmoflow", "dgx*", "success", "2023-11"))
                            .size());
            assertEquals(
                    0, store.list(new RunStore.Filter("deepcam", "", "", "")).size());
            assertEquals(0, store.list(new RunStore.Filter("", "hgx*", "", "")).size());
            assertEquals(
                    0, store.list(new RunStore.Filter("", "", "aborted", "")).size());
            assertEquals(0, store.list(new RunStore.Filter("", "", "", "2024")).size());
            assertEquals(
                    0,
                    store.list(new RunStore.Filter("' OR '1'='1", "", "", "")).size());
        }
    }

    @Test
    void answersQueriesAndChangesNothing() throws IOException {
        try (RunStore store = RunStore.open(file)) {
            store.add(run("mine"));
        }
        try (RunStore store = RunStore.openReadOnly(file)) {
            RunStore.Rows rows = store.query(
                    "SELECT system, json_extract(record, '$.machine.cpu') AS cpu, count(*) AS n FROM runs GROUP BY system");
            assertEquals(List.of("system", "cpu", "n"), rows.columns());
            assertEquals(List.of(List.<Object>of("mine", "cpu", 1)), rows.rows());
            assertThrows(IllegalArgumentException.class, () -> store.query("SELECT nothing FROM nowhere"));
            assertThrows(IllegalArgumentException.class, () -> store.query("DELETE FROM runs"));
            assertEquals(1, store.list(ALL).size());
        }
    }

    @Test
    void severalWritersWaitForEachOther() throws IOException {
        IntStream.range(0, 20).parallel().forEach(i -> {
            try (RunStore store = RunStore.open(file)) {
                Path own = folder.resolve("run" + i + "/result_0.txt");
                SampleLogs.write(own, SampleLogs.cosmoflow(1 + i, 64));
                store.add(RunImport.of(own, "run" + i, Instant.EPOCH));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try (RunStore store = RunStore.openReadOnly(file)) {
            assertEquals(20, store.list(ALL).size());
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path text = Files.writeString(
                folder.resolve("notes.txt"), "no data base at all, but long enough for a header ".repeat(9));
        IOException e = assertThrows(IOException.class, () -> RunStore.openReadOnly(text));
        assertTrue(e.getMessage().contains("notes.txt is no store"), e.getMessage());
        e = assertThrows(IOException.class, () -> RunStore.open(text));
        assertTrue(e.getMessage().contains("notes.txt is no store"), e.getMessage());
        e = assertThrows(IOException.class, () -> RunStore.openReadOnly(folder.resolve("absent.db")));
        assertTrue(e.getMessage().contains("results add"), e.getMessage());
    }
}
