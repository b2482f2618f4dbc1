package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"cosmoflow, 8907556, 0.124", "oc20, 1810182, 0.036"})
    void showsThePublishedModel(String workload, String parameters, String target) {
        Captured result = Captured.of("workload", "show", workload, "--config", "reference", "--format", "json");

        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("\"parameters\" : " + parameters), result.out());
        assertTrue(result.out().contains("\"target\" : \"eval_error <= " + target + "\""), result.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list;--format;json | \"workload\" : \"cosmoflow\"",
                "list;--format;csv | workload,configurations,summary",
                "workload;show;cosmoflow;--format;csv | layer,output,parameters,forward_multiply_adds",
            })
    void printsDataAsAsked(String arguments, String expected) {
        Captured result = Captured.of(arguments.split(";", -1));

        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains(expected), result.out());
    }

    @ParameterizedTest
    @CsvSource({
        "run;nosuch, no workload 'nosuch'; choose one of cosmoflow",
        "run;cosmoflow;--config;huge, no configuration 'huge'",
        "run;cosmoflow;--set;nosuch=1, unknown setting 'nosuch'",
        "run;cosmoflow;--set;dropout=2, dropout=2",
        "run;cosmoflow;--nosuch, --nosuch",
        "run;cosmoflow;--resume, --out",
        "run;cosmoflow;--runs;0, --runs=0",
        "run;cosmoflow;--run-index;-1, --run-index=-1",
        "run;cosmoflow;--run-index;1;--runs;2, leave --runs out",
        "run;cosmoflow;--watchdog;-1, --watchdog=-1",
        "run;cosmoflow;--dry-run;--ranks;3, global_batch_size=4",
        "run;cosmoflow;--max-steps;-1, --max-steps=-1",
        "stage;.;elsewhere;--epochs;-1, --epochs=-1",
        "run;cosmoflow;--submission-status;secret, --submission-status=secret",
        "run;cosmoflow;--org; , --org",
        "bench;train;cosmoflow;--rounds;0, --rounds=0",
        "bench;train;cosmoflow;--vary;nosuch=1, unknown setting 'nosuch'",
        "bench, 'choose train, load or staging'",
        "nosuch, nosuch"
    })
    void wrongUsageIsAnsweredWithCode2(String arguments, String message) {
        Captured result = Captured.of(arguments.split(";", -1));

        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains(message), result.err());
    }

    @Test
    void dataWithoutSamplesIsAnEnvironmentErrorThatNamesTheFolder() {
        Captured result = Captured.of(
                "run",
                "cosmoflow",
                "--data",
                directory.toString(),
                "--out",
                directory.resolve("out").toString());

        assertEquals(3, result.code(), result.err());
        assertTrue(result.err().contains(directory.resolve("train").toString()), result.err());
    }

    /** Everything a reader of the help must find: what the launcher does itself, and defaults. */
    @ParameterizedTest
    @CsvSource({
        "--help, ./mlhpc doctor",
        "--help, ./mlhpc test",
        "run;--help, default: 0",
        "run;--help, default: research",
        "bench;train;--help, default: 5",
        "workload;show;--help, default: text",
        "slurm;script;--help, default: 2:00:00"
    })
    void helpIsComplete(String arguments, String expected) {
        Captured result = Captured.of(arguments.split(";", -1));

        assertEquals(0, result.code(), result.err());
        String text = result.out().replaceAll("\\s+", " ");
        assertTrue(text.contains(expected), text);
    }

    @Test
    void verifyingADamagedDataSetEndsWithCode1() throws Exception {
        Files.writeString(directory.resolve("a"), "content");
        Files.writeString(directory.resolve("MANIFEST.crc32c"), "00000000 7 a\n");

        Captured result = Captured.of("data", "verify", directory.toString());

        assertEquals(1, result.code(), result.err());
        assertTrue(result.out().contains("1 files, 1 damaged or missing"), result.out());
        Captured csv = Captured.of("data", "verify", directory.toString(), "--format", "csv");
        assertEquals(1, csv.code(), csv.err());
        assertTrue(csv.out().startsWith("file,finding"), csv.out());
    }

    @Test
    void stagesAFolder() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("a"), "content");
        Path destination = directory.resolve("destination");

        Captured result = Captured.of("stage", source.toString(), destination.toString());

        assertEquals(0, result.code(), result.err());
        assertEquals("content", Files.readString(destination.resolve("a")));
        assertTrue(result.err().contains("MiB/s"), result.err());
    }

    @Test
    void aDryRunPrintsThePlanOfItsStaging() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("a"), "content");
        Path destination = directory.resolve("destination");

        Captured result = Captured.of(
                "run",
                "cosmoflow",
                "--dry-run",
                "--data",
                source.toString(),
                "--stage-to",
                destination.toString(),
                "--out",
                directory.resolve("out").toString());

        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("parameters"), result.out());
        assertTrue(result.out().contains("* copy      staging "), result.out());
        assertTrue(result.out().contains("strategy: copy"), result.out());
        assertFalse(Files.exists(destination));
        assertFalse(Files.exists(directory.resolve("out")));
    }

    @Test
    void stagingIntoTheSourceIsRefused() {
        Captured result = Captured.of(
                "stage", directory.toString(), directory.resolve("inside").toString());

        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains("one contains the other"), result.err());
    }

    @Test
    void anInterruptedRunIsNotOverwritten() throws Exception {
        Files.writeString(directory.resolve("result_0.txt.partial"), "");

        Captured result =
                Captured.of("run", "cosmoflow", "--data", directory.toString(), "--out", directory.toString());

        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains("--resume"), result.err());
    }

    /** Only the first rank writes the report: the others need not see the file. */
    @Test
    void theMachineIsReadByTheFirstRankBeforeTraining() {
        String[] words = {
            "run",
            "cosmoflow",
            "--dry-run",
            "--profile",
            "--machine",
            directory.resolve("none.json").toString()
        };

        Captured first = Captured.inJob(Map.of("OMPI_COMM_WORLD_RANK", "0"), words);
        assertEquals(3, first.code(), first.err());
        assertTrue(first.err().contains("none.json"), first.err());

        Captured second = Captured.inJob(Map.of("OMPI_COMM_WORLD_RANK", "1"), words);
        assertEquals(0, second.code(), second.err());
    }
}
