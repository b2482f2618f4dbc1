package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    /** The check value of CRC-32C (Castagnoli) for these nine digits. */
    private static final long CRC_OF_DIGITS = 0xE3069283L;

    @TempDir
    Path directory;

    @BeforeEach
    void writeTwoFiles() throws IOException {
        Files.createDirectories(directory.resolve("train"));
        Files.writeString(directory.resolve("train/a b.bin"), "123456789", StandardCharsets.US_ASCII);
        Files.writeString(directory.resolve("empty.bin"), "");
        var files = new TreeMap<String, Manifest.Entry>();
        for (String name : List.of("train/a b.bin", "empty.bin")) {
            files.put(name, Manifest.entryOf(directory.resolve(name)));
        }
        var properties = new TreeMap<String, String>();
        properties.put("seed", "1");
        new Manifest(properties, files).write(directory);
    }

    @Test
    void readsBackWhatWasWrittenEvenWithBlanksInNames() throws IOException {
        Manifest manifest = Manifest.read(directory);
        assertEquals(new Manifest.Entry(9, CRC_OF_DIGITS), manifest.files().get("train/a b.bin"));
        assertEquals(new Manifest.Entry(0, 0), manifest.files().get("empty.bin"));
        assertEquals("1", manifest.properties().get("seed"));
        assertEquals(List.of(), manifest.verify(directory, Progress.none()));
    }

    @Test
    void aChangedAShortenedAndAMissingFileAreNamed() throws IOException {
        Files.writeString(directory.resolve("train/a b.bin"), "123456780");
        assertFinding("a b.bin: CRC-32C is");
        Files.writeString(directory.resolve("train/a b.bin"), "12345678");
        assertFinding("a b.bin: has 8 bytes, the manifest says 9");
        Files.delete(directory.resolve("train/a b.bin"));
        assertFinding("a b.bin: missing");
    }

    @Test
    void aDirectoryWithoutManifestIsIncomplete() throws IOException {
        Files.delete(directory.resolve(Manifest.FILE_NAME));
        var e = assertThrows(IOException.class, () -> Manifest.read(directory));
        assertTrue(e.getMessage().contains("incomplete"), e.getMessage());
    }

    @Test
    void aDamagedLineIsNamedWithItsNumber() throws IOException {
        Files.writeString(directory.resolve(Manifest.FILE_NAME), "# seed=1\nnot a line\n");
        var e = assertThrows(IOException.class, () -> Manifest.read(directory));
        assertTrue(e.getMessage().contains(Manifest.FILE_NAME + ":2"), e.getMessage());
    }

    private void assertFinding(String text) throws IOException {
        List<Manifest.Finding> findings = Manifest.read(directory).verify(directory, Progress.none());
        assertEquals(1, findings.size(), findings::toString);
        assertTrue(findings.get(0).toString().contains(text), findings::toString);
    }
}
