package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.projection.ProfiledRun;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.roofline.Channel;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.staging.StagingRequest;

/** A whole run of DeepCAM on two ranks, which takes seconds: its images hold nothing but background. */
class DeepCamRunTest {
    private static final int RANKS = 2;
    private static final Workload<?> DEEPCAM = ServiceLoader.load(Workload.class).stream()
            .<Workload<?>>map(ServiceLoader.Provider::get)
            .filter(workload -> workload.name().equals("deepcam"))
            .findFirst()
            .orElseThrow();
    private static final Settings SETTINGS = DEEPCAM.settings("tiny")
            .with(Map.of(
                    "image_height", "48",
                    "image_width", "64",
                    "width_divisor", "16",
                    "middle_blocks", "1"))
            .with(Map.of(
                    "gen_train_samples", "8",
                    "gen_validation_samples", "2",
                    "gen_cyclones", "0",
                    "gen_rivers", "0"))
            .with(Map.of(
                    "batchnorm_group_size", "2",
                    "gradient_accumulation_frequency", "2",
                    "logging_frequency", "3",
                    "max_epochs", "60",
                    "opt_lr", "0.01"));

    private static Path folder = Path.of("");
    private static final List<Outcome> OUTCOMES = new ArrayList<>();

    @BeforeAll
    static void train() throws Exception {
        folder = Files.createTempDirectory("mlhpc-deepcam");
        DEEPCAM.generator(SETTINGS).generate(folder.resolve("data"), 1, 2, Progress.none());
        ExecutorService threads = Executors.newFixedThreadPool(RANKS);
        try {
            var ranks = new ArrayList<Future<Outcome>>();
            for (Communicator world : ThreadCommunicator.ofSize(RANKS)) {
                ranks.add(threads.submit(() -> rank(DEEPCAM, world)));
            }
            for (Future<Outcome> rank : ranks) {
                OUTCOMES.add(rank.get(5, TimeUnit.MINUTES));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @AfterAll
    static void deleteFiles() throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static <B extends org.mlhpc.api.Batch> Outcome rank(Workload<B> workload, Communicator world)
            throws IOException {
        var plan = new RunPlan(
                workload,
                "tiny",
                SETTINGS,
                7,
                0,
                folder,
                folder.resolve("data"),
                true,
                StagingRequest.inPlace(),
                0,
                false,
                Optional.empty(),
                false,
                1,
                0,
                new RunPlan.Measuring(true, Optional.empty(), Optional.empty()),
                new RunPlan.Submission("org", "platform", "research"),
                List.of("run", "deepcam"));
        var silent = new Console(new PrintStream(OutputStream.nullOutputStream()), false, true, System::nanoTime);
        var clock = new RunClock(System::nanoTime, 0);
        return new TrainingRun<>(plan, workload, world, "threads", clock, silent, InstantSource.system()).execute();
    }

    private static String log() throws IOException {
        return Files.readString(folder.resolve("result_0.txt"));
    }

    private static List<JsonNode> events(String key) throws IOException {
        var found = new ArrayList<JsonNode>();
        for (String line : log().lines().toList()) {
            JsonNode event = new ObjectMapper().readTree(line.substring(line.indexOf('{')));
            if (event.get("key").asText().equals(key)) {
                found.add(event);
            }
        }
        return found;
    }

    private static List<List<Integer>> places(String key) throws IOException {
        return events(key).stream()
                .map(event -> List.of(
                        event.at("/metadata/epoch_num").asInt(),
                        event.at("/metadata/step_num").asInt()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "2.0.0", "3.0.0"})
    void theLogKeepsTheRulesOfBothDivisions(String ruleset) throws IOException {
        // With the numbers of samples of the published set, the same log is one of the closed division.
        String closed = log().replace("\"value\": \"open\"", "\"value\": \"closed\"")
                .replaceAll("(\"train_samples\", \"value\": )8", "$1 121266")
                .replaceAll("(\"eval_samples\", \"value\": )2", "$1 15158");

        for (String log : List.of(log(), closed)) {
            LogVerdict verdict = new LogChecker(RuleSet.of(ruleset), false)
                    .check("log", new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
            assertTrue(verdict.passed(), verdict.violations().toString());
        }
    }

    /** Four samples of each epoch's eight make a step, of which each third and the last of each epoch are logged. */
    @Test
    void stepsAreLoggedAsTheReferenceDoes() throws IOException {
        List<List<Integer>> first = places("train_loss").subList(0, 4);

        assertEquals(List.of(List.of(1, 2), List.of(2, 3), List.of(2, 4), List.of(3, 6)), first);
        assertEquals(places("train_loss"), places("learning_rate"));
        assertEquals(places("train_loss"), places("train_accuracy"));
        for (JsonNode accuracy : events("train_accuracy")) {
            assertTrue(accuracy.get("value").asDouble() > 0
                    && accuracy.get("value").asDouble() <= 1);
        }
        double loss = events("train_loss").get(0).get("value").asDouble();
        assertTrue(loss > 0 && loss < 10, () -> "loss " + loss);
    }

    @Test
    void evaluationsAreLoggedAsTheReferenceDoes() throws IOException {
        Outcome outcome = OUTCOMES.get(0);
        assertInstanceOf(Outcome.Converged.class, outcome);
        assertEquals(outcome, OUTCOMES.get(1));
        assertEquals(outcome.epochs(), events("eval_loss").size());
        assertEquals(outcome.epochs(), events("eval_accuracy").size());
        assertEquals(1, events("target_accuracy_reached").size());
        assertEquals(0.82, events("target_accuracy_reached").get(0).get("value").asDouble());
        assertEquals(
                outcome.epochs(),
                events("target_accuracy_reached")
                        .get(0)
                        .at("/metadata/epoch_num")
                        .asInt());
    }

    /** What the log says of steps is summed between them. */
    @Test
    void theProfileCountsTheBytesOfTheAccount() throws IOException {
        StepWork account = DEEPCAM.stepWork(SETTINGS, RANKS).orElseThrow();
        Profile profile =
                RunRecordFile.read(folder.resolve("run.json")).profile().orElseThrow();

        double counted = profile.phase("all_reduce").orElseThrow().bytes().getOrDefault(Channel.NETWORK, 0.0);

        assertEquals(RANKS * account.reducedBytes(), counted, 1e-9 * counted);
    }

    @Test
    void theProfileCanBeFittedTo() throws IOException {
        ProfiledRun run = ProfiledRun.read(folder.resolve("run.json"), name -> DEEPCAM);

        assertTrue(run.allReduces().stream().anyMatch(sum -> sum.ranks() == RANKS && sum.perStep() == 2));
        assertTrue(run.allReduces().stream().anyMatch(sum -> sum.ranks() == AllReduce.ALL && sum.perStep() == 0.5));
        assertTrue(run.profile().layers().stream()
                .allMatch(layer -> layer.forward().seconds().isPresent()));
    }
}
