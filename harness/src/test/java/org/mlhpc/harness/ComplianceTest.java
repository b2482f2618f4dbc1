package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Settings;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.staging.StagingRequest;

/** Runs end before they train when their log already breaks the rules. */
class ComplianceTest {
    private static final String NO_DIVISION = "";

    @TempDir
    private Path out;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** Under the name of a benchmark that has rules, with the hyperparameters that it must log. */
    private static final class Ruled extends HalvingWorkload {
        private final Map<String, Object> hyperparameters = new LinkedHashMap<>(Map.of(
                "global_batch_size",
                1,
                "opt_name",
                "sgd",
                "opt_base_learning_rate",
                0.1,
                "opt_learning_rate_warmup_epochs",
                0,
                "opt_learning_rate_warmup_factor",
                1,
                "opt_learning_rate_decay_boundary_epochs",
                List.of(3),
                "opt_learning_rate_decay_factor",
                0.5));

        @Override
        public String name() {
            return "cosmoflow";
        }

        @Override
        public WorkloadSpec spec(Settings settings) {
            WorkloadSpec spec = super.spec(settings);
            return new WorkloadSpec(spec.target(), spec.maxEpochs(), spec.layers(), List.of());
        }

        @Override
        public Map<String, Object> loggedHyperparameters(Settings settings, int ranks) {
            return hyperparameters;
        }
    }

    private RunPlan plan(HalvingWorkload workload, boolean synthetic, RunPlan.Submission submission) {
        return plan(workload, HalvingWorkload.settings(0.1), synthetic, false, submission);
    }

    private RunPlan plan(HalvingWorkload workload, Settings settings, boolean resume) {
        return plan(workload, settings, true, resume, submission("nobody", NO_DIVISION));
    }

    private RunPlan plan(
            HalvingWorkload workload,
            Settings settings,
            boolean synthetic,
            boolean resume,
            RunPlan.Submission submission) {
        return new RunPlan(
                workload,
                "only",
                settings,
                7,
                0,
                out,
                out,
                synthetic,
                StagingRequest.inPlace(),
                0,
                resume,
                Optional.empty(),
                false,
                1,
                0,
                RunPlan.Measuring.nothing(),
                submission,
                List.of("run"));
    }

    private static RunPlan.Submission submission(String org, String division) {
        return new RunPlan.Submission(org, org, "research", division, "3.0.0");
    }

    private Outcome execute(RunPlan plan, Communicator world, InstantSource clock) throws IOException {
        var out = new PrintStream(said, true, StandardCharsets.UTF_8);
        var console = new Console(out, false, world.rank() != 0, System::nanoTime);
        return new TrainingRun<>(
                        plan,
                        (HalvingWorkload) plan.workload(),
                        world,
                        "",
                        new RunClock(System::nanoTime, 0),
                        console,
                        clock)
                .execute();
    }

    private Outcome execute(RunPlan plan) throws IOException {
        return execute(plan, ThreadCommunicator.ofSize(1).get(0), InstantSource.system());
    }

    @Test
    void aRunThatKeepsTheRulesOfTheClosedDivisionPassesTheCheckerAndNobodyIsWarned() throws IOException {
        execute(plan(new Ruled(), false, submission("nobody", "closed")));

        assertTrue(new LogChecker(RuleSet.of("3.0.0"), false)
                .check(out.resolve("result_0.txt"))
                .passed());
        assertEquals(
                -1, said.toString(StandardCharsets.UTF_8).indexOf("submit"), said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whoMeansToSubmitIsWarnedOfAnUnknownOrganisationAndOthersAreLeftAlone() throws IOException {
        execute(plan(new Ruled(), true, submission("unknown", NO_DIVISION)));
        assertFalse(
                said.toString(StandardCharsets.UTF_8).contains("submission_org"),
                said.toString(StandardCharsets.UTF_8));

        Files.delete(out.resolve("result_0.txt"));
        execute(plan(new Ruled(), true, submission("unknown", "open")));
        assertTrue(
                said.toString(StandardCharsets.UTF_8).contains("common.submission_org.value"),
                said.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "opt_name, adam, cosmoflow-closed.opt_name.value",
        "opt_base_learning_rate, -0.1, cosmoflow-closed.opt_base_learning_rate.value",
        "dropout, 1.0, cosmoflow-closed.dropout.value"
    })
    void aHyperparameterThatTheClosedDivisionForbidsIsRefusedFromTheCommandLineAlone(
            String key, String value, String rule) {
        var workload = new Ruled();
        workload.hyperparameters.put(key, value.matches("[-0-9.]+") ? Double.valueOf(value) : value);

        RulesBroken broken = assertThrows(
                RulesBroken.class,
                () -> Compliance.requirePossible(plan(workload, false, submission("nobody", NO_DIVISION)), 1));
        assertTrue(broken.getMessage().contains(rule), broken.getMessage());
        assertTrue(broken.getMessage().contains("open division"), broken.getMessage());
        assertDoesNotThrow(() -> Compliance.requirePossible(plan(workload, false, submission("nobody", "open")), 1));
    }

    @Test
    void syntheticDataAreRefusedWhereTheClosedDivisionIsAskedFor() {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> Compliance.requirePossible(plan(new Ruled(), true, submission("nobody", "closed")), 1));

        assertTrue(refused.getMessage().contains("synthetic"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> submission("nobody", "shut"));
    }

    @Test
    void dataThatTheClosedDivisionForbidsMakeAnOpenRunUnlessClosedIsAskedFor() {
        List<String> reasons = List.of("too few samples");
        RunPlan unasked = plan(new Ruled(), false, submission("nobody", NO_DIVISION));
        RunPlan asked = plan(new Ruled(), false, submission("nobody", "closed"));

        assertEquals("closed", unasked.division());
        assertEquals("open", unasked.inOpenDivision(reasons).division());
        assertEquals(unasked.settings(), unasked.inOpenDivision(reasons).settings());
        var refused = assertThrows(IllegalArgumentException.class, () -> asked.inOpenDivision(reasons));
        assertTrue(refused.getMessage().contains("too few samples"), refused.getMessage());
    }

    @Test
    void aWrongStatusIsRefusedFromTheCommandLineAlone() {
        var submission = new RunPlan.Submission("nobody", "nowhere", "bogus", NO_DIVISION, "2.0.0");

        RulesBroken broken = assertThrows(
                RulesBroken.class, () -> Compliance.requirePossible(plan(new Ruled(), true, submission), 1));
        assertTrue(broken.getMessage().contains("common.submission_status.value"), broken.getMessage());
        assertTrue(broken.getMessage().contains("onprem"), broken.getMessage());
    }

    @Test
    void aMissingHyperparameterEndsTheRunOnAllRanksBeforeTheFirstEpochAndLeavesNoLog() throws Exception {
        var workload = new Ruled();
        workload.hyperparameters.remove("opt_name");
        RunPlan plan = plan(workload, false, submission("nobody", "closed"));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            var ranks = new ArrayList<Future<Outcome>>();
            for (Communicator world : ThreadCommunicator.ofSize(2)) {
                ranks.add(threads.submit(() -> execute(plan, world, InstantSource.system())));
            }
            for (Future<Outcome> rank : ranks) {
                var failed = assertThrows(ExecutionException.class, () -> rank.get(20, TimeUnit.SECONDS));
                assertEquals(RulesBroken.class, failed.getCause().getClass());
            }
        } finally {
            threads.shutdownNow();
        }
        try (var left = Files.newDirectoryStream(out, "result*")) {
            assertFalse(left.iterator().hasNext());
        }
    }

    @Test
    void anInitialisationThatTookTooLongEndsTheRun() {
        var ticks = new int[1];
        // Four minutes for each line that is written.
        InstantSource slow = () -> Instant.ofEpochSecond(1_700_000_000L + 60L * 4 * ticks[0]++);

        RulesBroken broken = assertThrows(
                RulesBroken.class,
                () -> execute(
                        plan(new Ruled(), true, submission("nobody", NO_DIVISION)),
                        ThreadCommunicator.ofSize(1).get(0),
                        slow));
        assertTrue(broken.getMessage().contains("common.init_stop.time"), broken.getMessage());
    }

    @Test
    void aLogThatFailsInTheEndIsSaidAndRecorded() throws IOException {
        // Ends at an error of 0.25, which reaches the run's own target and not the published one.
        execute(plan(new Ruled(), HalvingWorkload.settings(0.3), false));

        assertEquals(
                List.of(
                        "page cache not dropped before the run",
                        "the log fails ruleset 3.0.0: cosmoflow.eval_error.reached"),
                notes().stream()
                        .filter(note -> !note.equals(RunRecord.SYNTHETIC))
                        .toList());
    }

    @Test
    void aResumedRunIsHeldToWhatItWroteBeforeToo() throws IOException {
        Settings whole = HalvingWorkload.settings(0.1);
        assertThrows(
                IllegalStateException.class, () -> execute(plan(new Ruled(), whole.with("failing_epoch", 3), false)));
        // The fault is gone, which is a change of settings, so the checkpoint has to be taken as of these settings.
        for (int epoch = 1; epoch <= 2; epoch++) {
            Path checkpoint = out.resolve("checkpoints_0").resolve("epoch_000" + epoch + ".json");
            Files.writeString(
                    checkpoint,
                    Files.readString(checkpoint).replace("\"failing_epoch\":\"3\"", "\"failing_epoch\":\"0\""));
        }

        execute(plan(new Ruled(), whole, true));

        assertFalse(notes().toString().contains("fails"), notes().toString());
        assertTrue(notes().toString().contains("resumed after epoch 2"), notes().toString());
    }

    private List<String> notes() throws IOException {
        return RunRecordFile.read(out.resolve("run.json")).notes();
    }

    @Test
    void aWorkloadWithoutRulesIsHeldToNothing() throws IOException {
        RunPlan plan =
                plan(new HalvingWorkload(), true, new RunPlan.Submission("nobody", "", "bogus", NO_DIVISION, "3.0.0"));

        assertDoesNotThrow(() -> Compliance.requirePossible(plan, 1));
        assertEquals("success", execute(plan).status());
        assertFalse(said.toString(StandardCharsets.UTF_8).contains("rule"), said.toString(StandardCharsets.UTF_8));
    }
}
