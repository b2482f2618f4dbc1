package org.mlhpc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
    @TempDir
    private Path folder;

    @Test
    void findsResultsInFoldersButFollowsNoLinks(@TempDir Path elsewhere) throws IOException {
        Path log =
                Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("result_1.txt"), "");
        Files.writeString(folder.resolve("a/notes.txt"), "");
        Path outside = Files.writeString(elsewhere.resolve("result_2.txt"), "");
        Files.createSymbolicLink(folder.resolve("result_2.txt"), outside);
        Files.createSymbolicLink(folder.resolve("link"), elsewhere);

        assertEquals(List.of(log), LogFiles.in(folder));
        assertEquals(List.of(outside), LogFiles.in(outside));
    }

    @Test
    void whereThereIsNoLogTheErrorNamesThePlace() {
        for (Path place : List.of(folder, folder.resolve("nosuch"))) {
            var error = assertThrows(IOException.class, () -> LogFiles.in(place));
            assertTrue(error.getMessage().contains(place.toString()), error.getMessage());
        }
    }
}
