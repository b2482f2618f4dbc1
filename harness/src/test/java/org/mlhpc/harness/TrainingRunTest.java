package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Settings;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.staging.StagingRequest;

class TrainingRunTest {
    private static final String MARK = ":::MLLOG ";

    @TempDir
    private Path out;

    private Outcome run(Settings settings, boolean resume, long maxSteps) throws IOException {
        return run(settings, resume, maxSteps, RunPlan.Measuring.nothing());
    }

    private Outcome run(Settings settings, boolean resume, long maxSteps, RunPlan.Measuring measuring)
            throws IOException {
        var workload = new HalvingWorkload();
        var plan = new RunPlan(
                workload,
                "only",
                settings,
                7,
                0,
                out,
                out,
                true,
                StagingRequest.inPlace(),
                maxSteps,
                resume,
                Optional.empty(),
                false,
                1,
                0,
                measuring,
                new RunPlan.Submission("org", "platform", "research"),
                List.of("run", "halving"));
        var silent = new Console(new PrintStream(OutputStream.nullOutputStream()), false, true, System::nanoTime);
        var clock = new RunClock(System::nanoTime, 0);
        return new TrainingRun<>(plan, workload, new LocalCommunicator(), "", clock, silent, InstantSource.system())
                .execute();
    }

    private List<JsonNode> events(Path log) throws IOException {
        var events = new ArrayList<JsonNode>();
        for (String line : Files.readAllLines(log)) {
            assertTrue(line.startsWith(MARK), line);
            events.add(new ObjectMapper().readTree(line.substring(MARK.length())));
        }
        return events;
    }

    private List<String> keys() throws IOException {
        return events(out.resolve("result_0.txt")).stream()
                .map(event -> event.get("key").asText())
                .toList();
    }

    @Test
    void stopsAtTheTargetAndLogsInTheOrderOfTheRules() throws IOException {
        Outcome outcome = run(HalvingWorkload.settings(0.25), false, 0);

        assertEquals(new Outcome.Converged(2, 0.25), outcome);
        List<String> epoch =
                List.of("epoch_start", "eval_start", "eval_stop", "epoch_stop", "eval_error", "tracked_stats");
        var expected = new ArrayList<>(List.of(
                "cache_clear",
                "init_start",
                "seed",
                "number_of_ranks",
                "number_of_nodes",
                "accelerators_per_node",
                "submission_benchmark",
                "submission_org",
                "submission_division",
                "submission_status",
                "submission_platform",
                "init_stop",
                "run_start",
                "staging_start",
                "staging_stop",
                "global_batch_size",
                "train_samples",
                "eval_samples"));
        expected.addAll(epoch);
        expected.addAll(epoch);
        expected.add("run_stop");
        assertEquals(expected, keys());
    }

    @Test
    void everyLineNamesThePlaceInTheHarnessThatLogged() throws IOException {
        run(HalvingWorkload.settings(0.5), false, 0);

        for (JsonNode event : events(out.resolve("result_0.txt"))) {
            String place = event.at("/metadata/file").asText();
            assertTrue(
                    Set.of("TrainingRun.java", "RunOpening.java", "EpochRunner.java")
                            .contains(place),
                    place);
            assertTrue(event.at("/metadata/lineno").asInt() > 0);
        }
    }

    @Test
    void epochsThatDoNotReachTheTargetEndInAnAbortedRun() throws IOException {
        Outcome outcome = run(HalvingWorkload.settings(1e-9), false, 0);

        assertInstanceOf(Outcome.Missed.class, outcome);
        assertEquals(6, outcome.epochs());
        List<JsonNode> events = events(out.resolve("result_0.txt"));
        assertEquals(
                "aborted", events.get(events.size() - 1).at("/metadata/status").asText());
    }

    @Test
    void aLossThatIsNotANumberNamesEpochStepAndRank() {
        Settings settings = HalvingWorkload.settings(0.1).with("nan_step", HalvingWorkload.STEPS + 2);

        var e = assertThrows(ArithmeticException.class, () -> run(settings, false, 0));

        assertTrue(e.getMessage().contains("epoch 2, step 2, on rank 0"), e.getMessage());
        assertFalse(Files.exists(out.resolve("result_0.txt")));
    }

    @Test
    void aWorkloadThatDoesNotAccountForItselfHasTimesAlone() throws IOException {
        run(HalvingWorkload.settings(0.25), false, 0, new RunPlan.Measuring(true, Optional.of(1e6), Optional.empty()));

        RunRecord record = RunRecordFile.read(out.resolve("run.json"));
        Profile profile = record.profile().orElseThrow();
        assertEquals(2 * (HalvingWorkload.STEPS - 1), profile.steps());
        assertEquals(List.of(), profile.layers());
        Profile.Phase forward = profile.phase("forward").orElseThrow();
        assertEquals(Optional.empty(), forward.flop());
        assertEquals(Map.of(), forward.bytes());
        assertTrue(record.phases().containsKey("profile"), record.phases().toString());
        assertEquals("run_stop", keys().get(keys().size() - 1));
        assertTrue(record.notes().contains("loaders held to 1.000 MB/s per node by --limit-storage"));
    }

    @Test
    void stopsAfterTheGivenNumberOfSteps() throws IOException {
        Outcome outcome = run(HalvingWorkload.settings(0.01), false, HalvingWorkload.STEPS + 1);

        assertEquals(2, outcome.epochs());
        RunRecord record = RunRecordFile.read(out.resolve("run.json"));
        assertEquals(1, record.epochs().get(1).trainSamples());
        assertTrue(
                record.notes().contains("stopped by --max-steps 4"),
                record.notes().toString());
    }

    @Test
    void phasesAddUpToTheWallTime() throws IOException {
        run(HalvingWorkload.settings(0.25), false, 0);

        RunRecord record = RunRecordFile.read(out.resolve("run.json"));

        double sum = record.phases().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        // Sums of at most 13 doubles in another order; far below the 1 % that the report promises.
        assertEquals(record.wallSeconds(), sum, 1e-9 * record.wallSeconds());
        assertTrue(record.runSeconds() <= record.wallSeconds() + 0.002, "time_ms has a resolution of one millisecond");
    }

    @Test
    void leavesAReportAndNothingHalfWritten() throws IOException {
        run(HalvingWorkload.settings(0.25), false, 0);

        String report = Files.readString(out.resolve("report.html"));
        assertTrue(report.contains("Target reached after 2 epochs"), report);
        try (Stream<Path> files = Files.list(out)) {
            assertEquals(
                    Set.of("report.html", "run.json", "result_0.txt"),
                    files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void aResumedRunLogsEachEpochOnce() throws IOException {
        Settings whole = HalvingWorkload.settings(0.07);
        Settings dying = whole.with("failing_epoch", 3);
        assertThrows(IllegalStateException.class, () -> run(dying, false, 0));

        // The fault is gone, which is a change of settings, so the checkpoint has to be taken as of these settings.
        for (int epoch = 1; epoch <= 2; epoch++) {
            Path description = out.resolve("checkpoints_0").resolve("epoch_000" + epoch + ".json");
            Files.writeString(
                    description,
                    Files.readString(description).replace("\"failing_epoch\":\"3\"", "\"failing_epoch\":\"0\""));
        }
        Outcome outcome = run(whole, true, 0);

        assertEquals(new Outcome.Converged(4, 0.0625), outcome);
        List<Integer> epochs = events(out.resolve("result_0.txt")).stream()
                .filter(event -> event.get("key").asText().equals("eval_error"))
                .map(event -> event.at("/metadata/epoch_num").asInt())
                .toList();
        assertEquals(List.of(1, 2, 3, 4), epochs);
        assertEquals(1, keys().stream().filter("run_start"::equals).count());
        RunRecord record = RunRecordFile.read(out.resolve("run.json"));
        assertEquals(4, record.epochs().size());
        assertEquals(
                1,
                record.notes().stream()
                        .filter(note -> note.contains("synthetic"))
                        .count());
    }

    @Test
    void resumingWithOtherSettingsNamesTheDifference() {
        assertThrows(
                IllegalStateException.class,
                () -> run(HalvingWorkload.settings(0.07).with("failing_epoch", 2), false, 0));

        var e = assertThrows(
                IllegalArgumentException.class,
                () -> run(HalvingWorkload.settings(0.05).with("failing_epoch", 2), true, 0));

        assertTrue(e.getMessage().contains("target=0.05 (was 0.07)"), e.getMessage());
    }

    @Test
    void aDamagedCheckpointIsPassedOver() throws IOException {
        assertThrows(
                IllegalStateException.class,
                () -> run(HalvingWorkload.settings(0.07).with("failing_epoch", 3), false, 0));
        Files.writeString(out.resolve("checkpoints_0/epoch_0002.safetensors"), "epoch 9");

        var complaints = new ArrayList<String>();
        Optional<Checkpoint> newest = new Checkpoints(out.resolve("checkpoints_0")).newest(complaints::add);

        assertEquals(1, newest.orElseThrow().epoch());
        assertEquals(1, complaints.size());
        assertTrue(complaints.get(0).contains("CRC-32C"), complaints.get(0));
    }
}
