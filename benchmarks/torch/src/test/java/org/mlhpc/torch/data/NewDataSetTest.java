package org.mlhpc.torch.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;

class NewDataSetTest {
    @TempDir
    private Path directory;

    @Test
    void theManifestHasFilesSettingsAndSeed() throws IOException {
        var shown = new ArrayList<String>();
        Progress progress = (done, total, unit) -> shown.add(done + " of " + total + " " + unit);
        var dataSet = new NewDataSet(directory.resolve("set"), 2, progress);
        for (String name : List.of("train/b", "validation/a")) {
            dataSet.write(name, file -> Files.writeString(file, name));
            dataSet.sampleMade();
        }
        assertFalse(Files.exists(directory.resolve("set").resolve(Manifest.FILE_NAME)), "it is not complete");

        dataSet.finish(Settings.of(Map.of("gen_size", "3", "other", "4")), List.of("gen_size"), 7);

        Manifest manifest = Manifest.read(directory.resolve("set"));
        assertEquals(Map.of("gen_size", "3", "seed", "7"), manifest.properties());
        assertEquals(
                List.of("train/b", "validation/a"), List.copyOf(manifest.files().keySet()));
        assertEquals(List.of(), manifest.verify(directory.resolve("set"), Progress.none()));
        assertEquals(List.of("1 of 2 samples", "2 of 2 samples"), shown);
    }

    @Test
    void whatIsThereIsLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("mine"), "mine");

        var full = assertThrows(IOException.class, () -> new NewDataSet(directory, 1, Progress.none()));
        var taken = assertThrows(IOException.class, () -> new NewDataSet(file, 1, Progress.none()));

        assertEquals(directory + " is not empty: delete it or choose another directory", full.getMessage());
        assertEquals(file + " is a file: choose another directory for the data set", taken.getMessage());
        assertEquals("mine", Files.readString(file));
    }

    static List<Arguments> failures() {
        return List.of(
                Arguments.of(new IOException("No space left on device"), "No space left on device"),
                Arguments.of(new AccessDeniedException("set/train/a"), "set/train/a: access denied"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFileThatCannotBeWrittenIsNamedWithReasonAndFix(IOException failure, String reason) throws IOException {
        var dataSet = new NewDataSet(directory, 1, Progress.none());

        var e = assertThrows(
                IOException.class,
                () -> dataSet.write("train/a", file -> {
                    throw failure;
                }));

        assertEquals(
                "cannot write " + directory.resolve("train/a") + " (" + reason
                        + "): free some space or choose another directory",
                e.getMessage());
    }

    static List<IOException> interruptions() {
        return List.of(new InterruptedIOException("interrupted"), new ClosedByInterruptException());
    }

    @ParameterizedTest
    @MethodSource("interruptions")
    void anInterruptionIsNotTakenForAFullDisk(IOException interruption) throws IOException {
        var dataSet = new NewDataSet(directory, 1, Progress.none());

        var e = assertThrows(
                IOException.class,
                () -> dataSet.write("train/a", file -> {
                    throw interruption;
                }));

        assertSame(interruption, e);
    }
}
