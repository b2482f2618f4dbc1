package org.mlhpc.results.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemJsonTest {
    private static final String OBJECT = "{\n\"submitter\": \"Org\",\n\"nodes\": {\"a\": [1]},\n\"last\": 3}";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void inAFile() {
        file = folder.resolve("s.json");
    }

    private SystemJson read(String text) throws IOException {
        return SystemJson.read(Files.writeString(file, text));
    }

    @Test
    void knowsTheLineOfEachMember() throws IOException {
        SystemJson system = read(OBJECT + "\n");
        assertEquals(Map.of("submitter", 2L, "nodes", 3L, "last", 4L), system.lines());
        assertEquals(OptionalLong.empty(), system.trailing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"more", "}", "{\"other\": 1}"})
    void whatFollowsTheObjectIsToldAndNoDamage(String trailing) throws IOException {
        SystemJson system = read(OBJECT + "\n" + trailing);
        assertEquals("Org", system.members().path("submitter").asText());
        assertEquals(Map.of("submitter", 2L, "nodes", 3L, "last", 4L), system.lines());
        assertEquals(OptionalLong.of(5), system.trailing());
        assertEquals("Org", SystemFile.read(file).submitter());
    }

    @Test
    void damageHasAPlaceAndACause() {
        var e = assertThrows(SystemJson.Damaged.class, () -> read("{\n\"a\": broken}"));
        assertEquals(OptionalLong.of(2), e.line());
        assertInstanceOf(JsonProcessingException.class, e.getCause());
    }

    @Test
    void aLargeFileIsRefused() {
        var e = assertThrows(SystemJson.Damaged.class, () -> read(OBJECT + " ".repeat(SystemJson.LARGEST_BYTES)));
        assertEquals(file + " is no system description: more than 1048576 bytes", e.getMessage());
    }

    @Test
    void saysInWordsWhyItCannotBeRead() {
        assertEquals(
                file + ": no such file",
                assertThrows(IOException.class, () -> SystemJson.read(file)).getMessage());
        assertEquals(
                folder + " cannot be read (Is a directory)",
                assertThrows(IOException.class, () -> SystemJson.read(folder)).getMessage());
    }
}
