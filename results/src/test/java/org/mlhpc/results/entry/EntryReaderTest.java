package org.mlhpc.results.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.statistics.Sample;
import org.mlhpc.results.tree.Metric;

class EntryReaderTest {
    private static final String SYSTEM =
            "{\"submitter\": \"Org\", \"division\": \"closed\", \"number_of_nodes\": \"2\","
                    + " \"accelerators_per_node\": \"4\", \"accelerator_model_name\": \"X1\"}";

    @TempDir
    private Path folder;

    @Test
    void readsTimesOfARun() throws IOException {
        SampleLogs.write(folder.resolve("mine/result_0.txt"), SampleLogs.cosmoflow(4, 64));

        Entry entry = EntryReader.read(folder).entries().get(0);

        assertEquals("own/mine", entry.name());
        assertEquals(OptionalLong.of(8), entry.machine().accelerators());
        assertEquals(
                (10 + 4 * 25 + 5) / 60.0,
                entry.measured().minutes().orElseThrow().mean(),
                1e-9);
        assertEquals(10 / 60.0, entry.stagingInside(), 1e-9);
        assertEquals(4 * 20 / 60.0, entry.measured().trainMinutes().orElseThrow(), 1e-9);
        assertEquals(4 * 5 / 60.0, entry.measured().evalMinutes().orElseThrow(), 1e-9);
        assertEquals(50, entry.measured().trainSamplesPerSecond().orElseThrow().mean(), 1e-9);
        assertEquals(4, entry.epochs().map(Sample::mean).orElseThrow(), 1e-9);
    }

    @Test
    void takesTheRoundFromTheFolder() throws IOException {
        writeTree("hpc_results_v2.0", "strong/");
        writeTree("v0.7", "");

        List<Entry> entries = EntryReader.read(folder).entries();

        assertEquals(
                List.of(Optional.of("2.0"), Optional.of("0.7")),
                entries.stream().map(entry -> entry.label().round()).toList());
        assertTrue(entries.stream().allMatch(entry -> entry.task().metric() == Metric.TIME_TO_TRAIN));
    }

    private void writeTree(String round, String level) throws IOException {
        Path organisation = folder.resolve(round).resolve("Org");
        Files.createDirectories(organisation.resolve("systems"));
        Files.writeString(organisation.resolve("systems/s.json"), SYSTEM);
        for (int run = 0; run < 10; run++) {
            SampleLogs.write(
                    organisation.resolve("results/s/" + level + "cosmoflow/result_" + run + ".txt"),
                    SampleLogs.cosmoflow(3 + run % 2, 64));
        }
    }

    @Test
    void damagedTreesAreReportedAndTheRestIsRead() throws IOException {
        writeTree("v1.0", "strong/");
        Path results = folder.resolve("v1.0/Org/results/s");
        Path set = results.resolve("strong/cosmoflow");
        Files.write(set.resolve("result_0.txt"), SampleLogs.cosmoflow(3, 64).subList(0, 20));
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        Files.write(set.resolve("result_1.txt"), noise);
        Files.writeString(set.resolve("result_2.txt"), "");
        Files.write(
                set.resolve("result_3.txt"),
                String.join("\n", SampleLogs.cosmoflow(3, 64))
                        .replace("cosmoflow", "deepcam")
                        .getBytes(StandardCharsets.UTF_8));
        Files.createDirectory(set.resolve("result_99.txt"));
        Files.writeString(set.resolve("scaling.json"), "{\"scaling_factor\": \"much\"}");
        SampleLogs.write(results.resolve("strong/protein/result_0.txt"), SampleLogs.cosmoflow(3, 64));
        Files.createDirectories(results.resolve("strong/oc20"));
        Files.createDirectories(results.resolve("medium/cosmoflow"));
        Files.createDirectories(folder.resolve("v1.0/Org/results/undescribed/strong/deepcam"));
        Files.writeString(folder.resolve("v1.0/Org/systems/s.json"), "{ broken");

        Reading reading = EntryReader.read(folder);

        assertEquals(1, reading.entries().size());
        Entry entry = reading.entries().get(0);
        assertEquals(6, entry.measured().minutes().orElseThrow().size());
        assertEquals(1, entry.measured().failing());
        for (String problem : List.of(
                "result_0.txt: no run_stop",
                "result_1.txt: no MLPerf log",
                "result_2.txt: no MLPerf log",
                "result_3.txt: a log of deepcam",
                "scaling.json: no positive scaling_factor",
                "protein: unknown benchmark; known are cosmoflow, deepcam",
                "oc20: no log that can be read",
                "medium: neither strong nor weak",
                "undescribed/strong/deepcam: no log",
                "s.json is no system description: no JSON: ")) {
            assertTrue(
                    reading.problems().stream().anyMatch(found -> found.contains(problem)),
                    () -> problem + " not in " + String.join("\n", reading.problems()));
        }
    }

    @Test
    void runsWithDifferentBatchesOfOneFolderAreDifferentEntries() throws IOException {
        SampleLogs.write(folder.resolve("mine/result_0.txt"), SampleLogs.cosmoflow(4, 64));
        SampleLogs.write(folder.resolve("mine/result_1.txt"), SampleLogs.cosmoflow(4, 128));
        assertEquals(2, EntryReader.read(folder).entries().size());
    }

    @Test
    void damagedRecordOfAnOwnRunIsReported() throws IOException {
        SampleLogs.write(folder.resolve("mine/result_0.txt"), SampleLogs.cosmoflow(4, 64));
        Files.writeString(folder.resolve("mine/run.json"), "{\"workload\": 3");
        Reading reading = EntryReader.read(folder);
        assertEquals(1, reading.entries().size());
        assertTrue(reading.problems().get(0).contains("run.json is not"), reading.problems()::toString);
    }

    @Test
    void aRecordThatCannotBeReadIsNamedWithTheReason() throws IOException {
        SampleLogs.write(folder.resolve("mine/result_0.txt"), SampleLogs.cosmoflow(4, 64));
        Path record = Files.createDirectories(folder.resolve("mine/run.json"));
        assertEquals(
                List.of(record + " cannot be read (Is a directory); left out"),
                EntryReader.read(folder).problems());
    }

    @Test
    void evaluationBesideTrainingHasNoTimeOfItsOwn() throws IOException {
        List<String> lines = SampleLogs.cosmoflow(2, 64);
        // The evaluation of the first epoch ends within the second.
        int stop = first(lines, "eval_stop");
        int start = first(lines.subList(stop, lines.size()), "epoch_start") + stop;
        lines.add(start, lines.remove(stop));
        SampleLogs.write(folder.resolve("mine/result_0.txt"), lines);
        Entry entry = EntryReader.read(folder).entries().get(0);
        assertTrue(entry.measured().trainMinutes().isEmpty());
        assertTrue(entry.measured().evalMinutes().isEmpty());
    }

    private static int first(List<String> lines, String key) {
        return (int) lines.stream().takeWhile(line -> !line.contains(key)).count();
    }

    @Test
    void nothingAtAllIsAnError() {
        IOException e = assertThrows(IOException.class, () -> EntryReader.read(folder.resolve("absent")));
        assertTrue(e.getMessage().contains("absent does not exist"), e.getMessage());
    }

    @Test
    void anEmptyFolderIsReported() throws IOException {
        Reading reading = EntryReader.read(folder);
        assertTrue(reading.entries().isEmpty());
        assertTrue(reading.problems().get(0).startsWith("no result_*.txt in "), reading.problems()::toString);
    }
}
