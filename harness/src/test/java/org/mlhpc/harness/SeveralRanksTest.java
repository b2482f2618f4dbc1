package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.staging.StagingRequest;

/** Runs of several ranks, each a thread. */
class SeveralRanksTest {
    @TempDir
    private Path out;

    private Outcome rank(Communicator world, Settings settings, Optional<Path> stageTo) throws IOException {
        return rank(new HalvingWorkload(), world, settings, stageTo);
    }

    private Outcome rank(HalvingWorkload workload, Communicator world, Settings settings, Optional<Path> stageTo)
            throws IOException {
        var plan = new RunPlan(
                workload,
                "only",
                settings,
                7,
                0,
                out,
                out.resolve("data"),
                true,
                StagingRequest.of(Optional.empty(), stageTo),
                0,
                false,
                Optional.empty(),
                false,
                1,
                0,
                RunPlan.Measuring.nothing(),
                new RunPlan.Submission("org", "platform", "research"),
                List.of("run", "halving"));
        var silent = new Console(new PrintStream(OutputStream.nullOutputStream()), false, true, System::nanoTime);
        var clock = new RunClock(System::nanoTime, 0);
        return new TrainingRun<>(plan, workload, world, "threads", clock, silent, InstantSource.system()).execute();
    }

    private List<Outcome> run(int size, Settings settings, Optional<Path> stageTo) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            var ranks = new ArrayList<Future<Outcome>>();
            for (Communicator world : ThreadCommunicator.ofSize(size)) {
                ranks.add(threads.submit(() -> rank(world, settings, stageTo)));
            }
            var outcomes = new ArrayList<Outcome>();
            for (Future<Outcome> rank : ranks) {
                outcomes.add(rank.get(20, TimeUnit.SECONDS));
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void allRanksEndAlikeAndOneOfThemWrites(int size) throws Exception {
        Files.createDirectories(out.resolve("data"));
        List<Outcome> outcomes = run(size, HalvingWorkload.settings(0.2), Optional.empty());

        assertEquals(1, new HashSet<>(outcomes).size());
        assertEquals(new Outcome.Converged(3, 0.125), outcomes.get(0));
        RunRecord record = RunRecordFile.read(out.resolve("run.json"));
        assertEquals(size, record.machine().ranks());
        assertEquals(size, record.ranks().size());
        assertEquals((long) size * HalvingWorkload.STEPS, record.epochs().get(0).trainSamples());
        List<String> log = Files.readAllLines(out.resolve("result_0.txt"));
        assertEquals(
                1,
                log.stream()
                        .filter(line -> line.contains("\"key\": \"run_start\""))
                        .count());
    }

    @Test
    void ranksShareTheWorkOfStaging() throws Exception {
        for (int i = 0; i < 5; i++) {
            Path file = out.resolve("data").resolve("file" + i);
            Files.createDirectories(out.resolve("data"));
            Files.writeString(file, "content " + i);
        }
        Path local = out.resolve("local");

        run(2, HalvingWorkload.settings(0.2), Optional.of(local));

        for (int i = 0; i < 5; i++) {
            assertEquals("content " + i, Files.readString(local.resolve("file" + i)));
        }
        RunRecord record = RunRecordFile.read(out.resolve("run.json"));
        assertEquals(5 * 9, record.staging().orElseThrow().movedBytes());
    }

    @Test
    void aFailedStagingLeavesNoResult() throws Exception {
        boolean failed = false;
        try {
            run(2, HalvingWorkload.settings(0.2), Optional.of(out.resolve("local")));
        } catch (ExecutionException e) {
            failed = e.getCause() instanceof IOException;
            assertTrue(e.getCause().getMessage().contains(out.resolve("data").toString()), e.toString());
        }
        assertTrue(failed);
        assertFalse(Files.exists(out.resolve("result_0.txt")));
    }

    @Test
    void whatElseIsInTheDestinationIsNotedAndLeftAlone() throws Exception {
        Files.createDirectories(out.resolve("data"));
        Files.writeString(out.resolve("data/file"), "content");
        Files.createDirectories(out.resolve("local"));
        Files.writeString(out.resolve("local/mine"), "mine");

        run(2, HalvingWorkload.settings(0.2), Optional.of(out.resolve("local")));

        assertEquals("mine", Files.readString(out.resolve("local/mine")));
        String notes = RunRecordFile.read(out.resolve("run.json")).notes().toString();
        assertTrue(notes.contains("not of the data set, such as mine"), notes);
    }

    /** The others may be waiting in another collective; the job ends when this one has said what is wrong. */
    @Test
    void aRankThatFailsAfterStagingWaitsForNobody() throws Exception {
        Files.createDirectories(out.resolve("data"));
        var calls = new ArrayList<String>();
        var alone = new LocalCommunicator();
        var world = (Communicator) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Communicator.class}, (self, method, arguments) -> {
                    calls.add(method.getName());
                    return method.invoke(alone, arguments);
                });
        var failing = new HalvingWorkload() {
            @Override
            public Dataset<One> openDataset(Path directory, RunContext run) {
                calls.clear();
                throw new IllegalStateException("this rank cannot read its data");
            }
        };

        assertThrows(
                IllegalStateException.class,
                () -> rank(failing, world, HalvingWorkload.settings(0.2), Optional.empty()));

        assertEquals(List.of(), calls);
    }
}
