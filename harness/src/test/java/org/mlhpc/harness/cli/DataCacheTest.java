package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.Console;

class DataCacheTest {
    private static final Workload<?> COSMOFLOW = Workloads.named("cosmoflow");

    @TempDir
    private Path root;

    private static Settings settings() {
        return COSMOFLOW
                .settings("tiny")
                .with(Map.of(
                        "sample_size", "8",
                        "conv_layers", "2",
                        "gen_box_cells", "8",
                        "gen_train_samples", "2",
                        "gen_validation_samples", "1"));
    }

    private String provide(Settings settings) throws IOException {
        var said = new ByteArrayOutputStream();
        var console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8), false, false, System::nanoTime);
        Path data = new DataCache(root).provide(COSMOFLOW, settings, new LocalCommunicator(), console);
        assertTrue(Files.exists(data.resolve(Manifest.FILE_NAME)));
        assertEquals(root, data.getParent());
        return said.toString(StandardCharsets.UTF_8);
    }

    private List<String> folders() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .toList();
        }
    }

    @Test
    void lieWhereTheUserSays() {
        String home = System.getProperty("user.home");

        assertEquals(
                Path.of("/big/data"),
                DataCache.ofUser(Map.of("MLHPC_CACHE", "/big")).root());
        assertEquals(
                Path.of("/xdg/mlhpc/data"),
                DataCache.ofUser(Map.of("XDG_CACHE_HOME", "/xdg")).root());
        assertEquals(
                Path.of("/big/data"),
                DataCache.ofUser(Map.of("MLHPC_CACHE", "/big", "XDG_CACHE_HOME", "/xdg"))
                        .root());
        assertEquals(
                Path.of(home, ".cache/mlhpc/data"),
                DataCache.ofUser(Map.of("MLHPC_CACHE", "")).root());
    }

    @Test
    void areGeneratedOnceAndAnewOnlyForSettingsTheyDependOn() throws IOException {
        assertTrue(provide(settings()).contains("generating data"));
        assertEquals("", provide(settings()));
        assertEquals("", provide(settings().with("base_lr", "0.1")));
        assertEquals(1, folders().size());

        assertTrue(provide(settings().with("gen_spread", "0.2")).contains("generating data"));
        assertEquals(2, folders().size());
    }

    /** Holds for the superuser too. */
    @Test
    void aPlaceThatCannotBeWrittenToIsNamedWithTheFix() {
        var nowhere = new DataCache(Path.of("/proc/nosuch"));
        var silent = new Console(System.err, false, true, System::nanoTime);

        var e = assertThrows(
                IOException.class, () -> nowhere.provide(COSMOFLOW, settings(), new LocalCommunicator(), silent));

        assertTrue(e.getMessage().contains("/proc/nosuch"), e.getMessage());
        assertTrue(e.getMessage().contains("MLHPC_CACHE"), e.getMessage());
    }

    @Test
    void whatAKilledStartLeftIsRemoved() throws IOException {
        provide(settings());
        Path complete = root.resolve(folders().get(0));
        Path left = complete.resolveSibling(complete.getFileName() + ".partial");
        Files.move(complete, left);
        Files.delete(left.resolve(Manifest.FILE_NAME));

        provide(settings());

        assertFalse(Files.exists(left));
        assertEquals(List.of(complete.getFileName().toString()), folders());
    }
}
