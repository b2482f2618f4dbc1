package org.mlhpc.results.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    @Test
    void saysInWordsWhyALogCannotBeRead(@TempDir Path folder) {
        Path lost = folder.resolve("result_0.txt");
        assertEquals(
                List.of(
                        new Logs.Read(
                                lost,
                                Optional.empty(),
                                Optional.of(lost + ": no such file; skipped: make it readable to count its runs")),
                        new Logs.Read(
                                folder,
                                Optional.empty(),
                                Optional.of(folder
                                        + " cannot be read (Is a directory); skipped: make it readable to count its"
                                        + " runs"))),
                Logs.read(List.of(lost, folder)));
    }
}
