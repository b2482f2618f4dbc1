package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and outputs of {@code system describe}, {@code package} and {@code check}. */
class SubmitCommandsTest {
    @TempDir
    private Path folder;

    @Test
    void describesThisMachineInTextsOnly() throws IOException {
        Path file = folder.resolve("box.json");

        Captured described = Captured.of(
                "system", "describe", "--set", "cooling=air", "--set=submitter=Ex", "--out", file.toString());

        assertEquals(0, described.code(), described.err());
        JsonNode json = JsonMapper.builder().build().readTree(Files.readString(file));
        assertEquals(33, json.size());
        json.forEach(value -> assertTrue(value.isTextual(), json.toString()));
        assertEquals("air", json.path("cooling").textValue());
        assertEquals("1", json.path("number_of_nodes").textValue());
        assertTrue(described.err().contains("not found: "), described.err());
        assertFalse(Files.exists(folder.resolve("box.json.partial")));
    }

    @Test
    void aDescriptionMakesTheFolderItGoesToAndReplacesNone() throws IOException {
        Path file = folder.resolve("new/box.json");
        assertEquals(
                0, Captured.of("system", "describe", "--out", file.toString()).code());
        assertTrue(Files.isRegularFile(file));

        Path taken = Files.createDirectory(folder.resolve("taken"));
        Captured refused = Captured.of("system", "describe", "--out", taken.toString());
        assertEquals(Main.USAGE, refused.code());
        assertTrue(refused.err().contains("taken is a folder"), refused.err());
        assertTrue(Files.isDirectory(taken));

        Captured impossible = Captured.of("system", "describe", "--out", file + "/box.json");
        assertEquals(Main.ENVIRONMENT, impossible.code());
        assertTrue(impossible.err().contains("box.json: file already exists"), impossible.err());
    }

    @Test
    void aFieldThatNoDescriptionHasIsWrongUsage() {
        Captured refused = Captured.of("system", "describe", "--set", "coling=air");

        assertEquals(Main.USAGE, refused.code());
        assertTrue(refused.err().contains("no field 'coling'"), refused.err());
    }

    @Test
    void runsThatDoNotQualifyAreRefusedWithTheReason() throws IOException {
        Files.writeString(folder.resolve("box.json"), "{}");
        Path runs = Files.createDirectory(folder.resolve("runs"));

        Captured refused = pack(runs);

        assertEquals(Main.FAILED, refused.code());
        assertTrue(refused.err().contains("no submission: no result_*.txt in "), refused.err());
        assertFalse(Files.exists(folder.resolve("out")));
        assertEquals(Main.ENVIRONMENT, pack(folder.resolve("nosuch")).code());
        assertEquals(Main.USAGE, Captured.of("package", runs.toString()).code());
    }

    private Captured pack(Path runs) {
        return Captured.of(
                "package",
                runs.toString(),
                "--org",
                "Ex",
                "--system",
                folder.resolve("box.json").toString(),
                "--out",
                folder.resolve("out").toString());
    }

    @Test
    void aFolderWithoutManifestCannotBeVerified() {
        Captured refused = Captured.of("package", "verify", folder.toString());

        assertEquals(Main.ENVIRONMENT, refused.code());
        assertTrue(refused.err().contains("no manifest.json"), refused.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--scaling-out", "--werror"})
    void aSubmissionWithoutRunsIsCheckedAndOnlyRead(String option) throws IOException {
        Path organisation = folder.resolve("tree/Ex");
        Files.createDirectories(organisation.resolve("results"));
        Files.createDirectories(organisation.resolve("systems"));
        String tree = folder.resolve("tree").toString();

        if (option.equals("--werror")) {
            assertTrue(Captured.of("check", tree).out().contains("warning tree/runs"));
            assertEquals(0, Captured.of("check", tree).code());
            assertEquals(Main.FAILED, Captured.of("check", tree, option).code());
        } else {
            Captured refused = Captured.of("check", tree, option, tree + "/scaling");
            assertEquals(Main.USAGE, refused.code());
            assertTrue(refused.err().contains("only read"), refused.err());
        }
    }

    @Test
    void warningsFailWhereTheyAreAskedTo() throws IOException {
        Path organisation = folder.resolve("Ex");
        Files.createDirectories(organisation.resolve("results/box/strong/bert"));
        Files.createDirectories(organisation.resolve("systems"));

        assertEquals(0, Captured.of("check", organisation.toString()).code());
        assertEquals(
                Main.FAILED,
                Captured.of("check", organisation.toString(), "--werror").code());
        assertEquals(
                Main.FAILED,
                Captured.of("check", organisation.toString(), "--strict").code());
        Captured csv = Captured.of("check", organisation.toString(), "--format", "csv");
        assertTrue(csv.out().contains(",warning,tree/benchmark,"), csv.out());
    }
}
