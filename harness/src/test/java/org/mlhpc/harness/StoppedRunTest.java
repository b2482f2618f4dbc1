package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Settings;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.staging.StagingRequest;

/** Runs that somebody asks to stop, and that go on later. */
class StoppedRunTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Settings SETTINGS = HalvingWorkload.settings(0.07);
    private static final Outcome WHOLE = new Outcome.Converged(4, 0.0625);

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private long nanos;
    private long millis = Instant.parse("2026-01-02T03:04:05Z").toEpochMilli();

    /** Looks for a request after each step: by its clock one takes seconds. */
    private Outcome run(Path out, HalvingWorkload workload, boolean resume, long maxSteps) throws IOException {
        var plan = new RunPlan(
                workload,
                "only",
                SETTINGS,
                7,
                0,
                Files.createDirectories(out),
                out,
                true,
                StagingRequest.inPlace(),
                maxSteps,
                resume,
                Optional.empty(),
                false,
                1,
                0,
                RunPlan.Measuring.nothing(),
                new RunPlan.Submission("org", "platform", "research"),
                List.of("run", "halving"));
        var console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8), false, false, System::nanoTime);
        var clock = new RunClock(() -> nanos += SECOND, 0);
        return new TrainingRun<>(
                        plan,
                        workload,
                        new LocalCommunicator(),
                        "",
                        clock,
                        console,
                        () -> Instant.ofEpochMilli(millis++))
                .execute();
    }

    private HalvingWorkload askingAfter(Path out, int step) {
        return new HalvingWorkload(done -> {
            if (done == step) {
                ask(out);
            }
        });
    }

    private static void ask(Path out) {
        try {
            Files.createFile(out.resolve("stop_0"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private RunRecord record(Path out) throws IOException {
        return RunRecordFile.read(out.resolve("run.json"));
    }

    /** Key and what does not depend on time, of each event. */
    private static List<String> log(Path out) throws IOException {
        var events = new ArrayList<String>();
        for (String line : Files.readAllLines(out.resolve("result_0.txt"))) {
            JsonNode event = new ObjectMapper().readTree(line.substring(line.indexOf('{')));
            ((ObjectNode) event).remove("time_ms");
            ((ObjectNode) event.get("metadata")).remove(List.of("lineno", "file"));
            String key = event.get("key").asText();
            events.add(key.equals("tracked_stats") || key.equals("run_resumed") ? key : event.toString());
        }
        return events;
    }

    private static Set<String> files(Path folder) throws IOException {
        var names = new TreeSet<String>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        }
        return names;
    }

    /** In each of its steps, the last of an epoch included, after which only the evaluation is missing. */
    @Test
    void goesOnFromAnyStepAsIfItHadNotStopped() throws IOException {
        Path whole = directory.resolve("whole");
        assertEquals(WHOLE, run(whole, new HalvingWorkload(), false, 0));
        for (int step = 1; step < 4 * HalvingWorkload.STEPS; step++) {
            Path out = directory.resolve("stopped" + step);
            HalvingWorkload asking = askingAfter(out, step);
            assertThrows(RunStopped.class, () -> run(out, asking, false, 0));

            assertEquals(Set.of("checkpoints_0", "result_0.txt.partial"), files(out));
            assertEquals(WHOLE, run(out, new HalvingWorkload(), true, 0));

            List<String> log = log(out);
            assertTrue(log.remove("run_resumed"), log.toString());
            assertEquals(log(whole), log);
            for (int epoch = 0; epoch < 4; epoch++) {
                RunRecord.Epoch expected = record(whole).epochs().get(epoch);
                RunRecord.Epoch found = record(out).epochs().get(epoch);
                assertEquals(expected.trainLoss(), found.trainLoss());
                assertEquals(expected.quality(), found.quality());
                assertEquals(expected.trainSamples(), found.trainSamples());
                assertEquals(expected.learningRate(), found.learningRate());
            }
        }
    }

    @Test
    void saysWhereItStoppedAndKeepsTheTimeBetween() throws IOException {
        Path out = directory.resolve("out");
        var stopped = assertThrows(RunStopped.class, () -> run(out, askingAfter(out, 5), false, 0));
        String message = "stopped as asked after epoch 2, step 2; go on with --resume";
        assertEquals(message, stopped.getMessage());
        assertTrue(said.toString(StandardCharsets.UTF_8).contains(message), said.toString(StandardCharsets.UTF_8));

        millis += 312_000;
        run(out, new HalvingWorkload(), true, 0);

        RunRecord.Interruption gap = record(out).interruptions().get(0);
        assertEquals(2, gap.epoch());
        assertEquals(Optional.of(2L), gap.step());
        // The log's events have taken a few of the clock's milliseconds.
        assertEquals(312, gap.seconds(), 0.1);
        assertEquals(gap.seconds(), (gap.resumed().toEpochMilli() - gap.saved().toEpochMilli()) / 1000.0);
        String point = Files.readAllLines(out.resolve("result_0.txt")).stream()
                .filter(line -> line.contains("\"run_resumed\""))
                .findFirst()
                .orElseThrow();
        assertTrue(point.contains("\"seconds\": " + gap.seconds()), point);
        assertTrue(point.contains("\"epoch_num\": 2, \"step\": 2"), point);
    }

    @Test
    void aRequestAtTheEndOfAnEpochNeedsNoOtherState() throws IOException {
        Path out = directory.resolve("out");
        var asking = new HalvingWorkload() {
            @Override
            void evaluated(int epoch) {
                if (epoch == 2) {
                    ask(out);
                }
            }
        };
        var stopped = assertThrows(RunStopped.class, () -> run(out, asking, false, 0));

        assertTrue(stopped.getMessage().contains("after epoch 2;"), stopped.getMessage());
        assertEquals(
                Set.of("epoch_0001.json", "epoch_0001.safetensors", "epoch_0002.json", "epoch_0002.safetensors"),
                files(out.resolve("checkpoints_0")));
        assertEquals(WHOLE, run(out, new HalvingWorkload(), true, 0));
    }

    /** The state is written before its description: who dies in between leaves one alone. */
    @Test
    void statesWithoutDescriptionAreRemoved() throws IOException {
        Path out = directory.resolve("out");
        assertThrows(RunStopped.class, () -> run(out, askingAfter(out, HalvingWorkload.STEPS + 1), false, 0));
        Path orphan = Files.createFile(out.resolve("checkpoints_0/epoch_0002-step_00000002.safetensors"));

        assertEquals(WHOLE, run(out, new HalvingWorkload(), true, 0));

        assertFalse(Files.exists(orphan));
    }

    /** On a fresh node the library has yet to be unpacked, which ranks may not do at once. */
    @Test
    void aResumedRunStartsTheEngineInTurnsToo() throws IOException {
        Path out = directory.resolve("out");
        assertThrows(RunStopped.class, () -> run(out, askingAfter(out, 2), false, 0));
        Path services = Files.writeString(directory.resolve("engine"), RecordingEngine.class.getName());
        ClassLoader usual = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new ClassLoader(usual) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return name.equals("META-INF/services/org.mlhpc.api.Engine")
                        ? Collections.enumeration(List.of(services.toUri().toURL()))
                        : super.getResources(name);
            }
        });
        RecordingEngine.STARTS.set(0);
        try {
            run(out, new HalvingWorkload(), true, 0);
        } finally {
            Thread.currentThread().setContextClassLoader(usual);
        }
        // As the first of all, of its node, and as one of all.
        assertEquals(3, RecordingEngine.STARTS.get());
    }

    @Test
    void stopsAndGoesOnSeveralTimesWithTwoCheckpointsKept() throws IOException {
        Path out = directory.resolve("out");
        for (int start = 0; start < 5; start++) {
            boolean resume = start > 0;
            assertThrows(RunStopped.class, () -> run(out, askingAfter(out, 2), resume, 0));
            assertTrue(files(out.resolve("checkpoints_0")).size() <= 4);
        }
        assertEquals(WHOLE, run(out, new HalvingWorkload(), true, 0));

        assertEquals(5, record(out).interruptions().size());
        assertEquals(5, log(out).stream().filter("run_resumed"::equals).count());
    }

    @Test
    void aRequestFromBeforeTheStartIsRemoved() throws IOException {
        Path out = Files.createDirectories(directory.resolve("out"));
        ask(out);
        Files.setLastModifiedTime(
                out.resolve("stop_0"), FileTime.from(Instant.now().minusSeconds(86_400)));

        assertEquals(WHOLE, run(out, new HalvingWorkload(), false, 0));

        assertFalse(Files.exists(out.resolve("stop_0")));
        assertTrue(said.toString(StandardCharsets.UTF_8).contains("removed " + out.resolve("stop_0")));
    }

    /** As during the generation of data, which the run follows. */
    @Test
    void aRequestDuringTheStartIsObeyed() throws IOException {
        Path out = Files.createDirectories(directory.resolve("out"));
        ask(out);

        var stopped = assertThrows(RunStopped.class, () -> run(out, new HalvingWorkload(), false, 0));

        assertTrue(stopped.getMessage().contains("after epoch 1, step 1;"), stopped.getMessage());
    }

    /** The evaluation of epoch 1 takes 100 s; the process dies in that of epoch 2. */
    @Test
    void aLongEvaluationBeginsFromASavedState() throws IOException {
        Path out = directory.resolve("out");
        var dying = new HalvingWorkload() {
            @Override
            void evaluated(int epoch) {
                nanos += 100 * SECOND;
                if (epoch == 2) {
                    throw new IllegalStateException("died");
                }
            }
        };
        assertThrows(IllegalStateException.class, () -> run(out, dying, false, 0));
        Path whole = directory.resolve("whole");
        run(whole, new HalvingWorkload(), false, 0);

        assertEquals(WHOLE, run(out, new HalvingWorkload(), true, 0));

        RunRecord.Interruption gap = record(out).interruptions().get(0);
        assertEquals(2, gap.epoch());
        assertEquals(Optional.of((long) HalvingWorkload.STEPS), gap.step());
        List<String> log = log(out);
        assertTrue(log.remove("run_resumed"), log.toString());
        assertEquals(log(whole), log);
    }

    @Test
    void aRunThatIsAtItsEndAnywayEnds() throws IOException {
        Path out = directory.resolve("out");
        Outcome outcome = run(out, askingAfter(out, 5), false, 5);

        assertEquals(2, outcome.epochs());
    }

    @Test
    void checkpointsFromBeforeRunsCouldStopAreRead() throws IOException {
        Path out = directory.resolve("out");
        assertThrows(RunStopped.class, () -> run(out, askingAfter(out, HalvingWorkload.STEPS + 1), false, 0));
        Path folder = out.resolve("checkpoints_0");
        for (String name : files(folder)) {
            if (name.contains("-step_")) {
                Files.delete(folder.resolve(name));
            }
        }
        Path description = folder.resolve("epoch_0001.json");
        var old = (ObjectNode) new ObjectMapper().readTree(Files.readString(description));
        old.remove(List.of("begun", "savedMillis", "interruptions"));
        old.set("phases", old.get("phases").get(0));
        Files.writeString(description, old.toString());

        assertEquals(WHOLE, run(out, new HalvingWorkload(), true, 0));
        assertEquals(Optional.empty(), record(out).interruptions().get(0).step());
    }
}
