package org.mlhpc.roofline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    private static String refusal(Path file) {
        return assertThrows(IOException.class, () -> WholeFile.write(file, "new"))
                .getMessage();
    }

    @Test
    void replacesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "much longer");

        WholeFile.write(file, "ä");

        assertEquals("ä", WholeFile.read(file));
        assertOnly(file);
    }

    private void assertOnly(Path file) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    /** Of both failures the JDK says the name of the file alone, or one of them. */
    @Test
    void saysWhyAFileCannotBeWritten() throws IOException {
        Path lost = folder.resolve("none/a");
        assertEquals(
                "cannot write " + lost + ": " + lost + ".partial: no such file; free space or choose another place",
                refusal(lost));

        Path taken = Files.createDirectories(folder.resolve("b/c")).getParent();
        String said = refusal(taken);
        assertTrue(said.startsWith("cannot write " + taken + ": ") && said.contains("directory"), said);
        assertOnly(taken);
    }

    @Test
    void saysWhichFileCannotBeReadAndWhy() {
        Path lost = folder.resolve("none");
        assertEquals(
                lost + ": no such file",
                assertThrows(IOException.class, () -> WholeFile.read(lost)).getMessage());
        assertEquals(
                folder + " cannot be read (Is a directory)",
                assertThrows(IOException.class, () -> WholeFile.read(folder)).getMessage());
    }

    /** Of such text the JDK says "Input length = 1". */
    @Test
    void saysWhichFileIsNotUtf8() throws IOException {
        Path latin = Files.write(folder.resolve("a"), "ä".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                latin + " is not UTF-8 text",
                assertThrows(IOException.class, () -> WholeFile.read(latin)).getMessage());
    }
}
