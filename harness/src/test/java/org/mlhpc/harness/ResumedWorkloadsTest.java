package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.api.Workload;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.staging.StagingRequest;

/** The real workloads, small, interrupted in their second epoch. */
class ResumedWorkloadsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int STEPS = 5;
    private static final long LIMIT_SECONDS = 120;
    private static final String DEEPCAM =
            "deepcam; target_iou=0.999 image_height=32 image_width=48 width_divisor=16 middle_blocks=1"
                    + " scheduler_t_max=15 gen_train_samples=10 gen_validation_samples=2";

    @TempDir
    private Path directory;

    @SuppressWarnings("unchecked") // whatever its batches are, they only pass through
    private static Workload<Batch> workload(String name) {
        return (Workload<Batch>) ServiceLoader.load(Workload.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Settings settings(Workload<?> workload, String changes) {
        Map<String, String> all = new HashMap<>(Map.of("max_epochs", "3", "global_batch_size", "2"));
        for (String change : changes.split(" ", -1)) {
            String[] both = change.split("=", -1);
            all.put(both[0], both[1]);
        }
        return workload.settings("tiny").with(all);
    }

    private RunRecord run(
            Workload<Batch> workload, Settings settings, int size, Path out, boolean resume, LongSupplier nanos)
            throws Throwable {
        Files.createDirectories(out);
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            var ranks = new ArrayList<Future<Outcome>>();
            for (Communicator world : ThreadCommunicator.ofSize(size)) {
                ranks.add(threads.submit(() -> rank(workload, settings, world, out, resume, nanos)));
            }
            for (Future<Outcome> rank : ranks) {
                rank.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw e.getCause();
        } finally {
            threads.shutdownNow();
        }
        return RunRecordFile.read(out.resolve("run.json"));
    }

    private Outcome rank(
            Workload<Batch> workload,
            Settings settings,
            Communicator world,
            Path out,
            boolean resume,
            LongSupplier nanos)
            throws IOException {
        var plan = new RunPlan(
                workload,
                "tiny",
                settings,
                7,
                0,
                out,
                directory.resolve("data"),
                true,
                StagingRequest.inPlace(),
                0,
                resume,
                Optional.empty(),
                false,
                1,
                0,
                RunPlan.Measuring.nothing(),
                new RunPlan.Submission("org", "platform", "research"),
                List.of("run"));
        var silent = new Console(new PrintStream(OutputStream.nullOutputStream()), false, true, System::nanoTime);
        var clock = new RunClock(world.rank() == 0 ? nanos : System::nanoTime, 0);
        return new TrainingRun<>(plan, workload, world, "threads", clock, silent, InstantSource.system()).execute();
    }

    /** Asks for a stop once the first epoch has been saved, at the third step: a step looks at the clock this often. */
    private LongSupplier askingInTheSecondEpoch(Path out) {
        return new LongSupplier() {
            private static final int LOOKS = 30;
            private long nanos;
            private int looks;

            @Override
            public long getAsLong() {
                if (Files.exists(out.resolve("checkpoints_0/epoch_0001.json")) && ++looks == LOOKS) {
                    try {
                        Files.createFile(out.resolve("stop_0"));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }
                return nanos += SECOND;
            }
        };
    }

    /**
     * In the second epoch.
     *
     * @return records of a run that was not interrupted and of one that was
     */
    private List<RunRecord> interrupted(Workload<Batch> workload, Settings settings, int size) throws Throwable {
        workload.generator(settings).generate(directory.resolve("data"), 3, 2, Progress.none());
        Path out = directory.resolve("stopped");
        var stopped = assertThrows(
                RunStopped.class, () -> run(workload, settings, size, out, false, askingInTheSecondEpoch(out)));
        // In between, so that the engine's random state is another one than the stopped run left.
        RunRecord whole = run(workload, settings, size, directory.resolve("whole"), false, System::nanoTime);
        RunRecord resumed = run(workload, settings, size, out, true, System::nanoTime);

        RunRecord.Interruption gap = resumed.interruptions().get(0);
        assertEquals(2, gap.epoch(), stopped.getMessage());
        assertTrue(gap.step().orElseThrow() < STEPS, stopped.getMessage());
        assertEquals(3, resumed.epochs().size());
        return List.of(whole, resumed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cosmoflow; target_mae=1e-6 sample_size=8 conv_layers=2 conv_filters=2 dropout=0.3 gen_box_cells=8"
                        + " gen_train_samples=10 gen_validation_samples=3",
                DEEPCAM + " gradient_accumulation_frequency=2",
                "oc20; target_forces_mae=1e-6 hidden_channels=8 out_emb_channels=8 warmup_steps=4 lr_milestones=6,8,10"
                        + " gen_train_samples=10 gen_validation_samples=3 gen_files=1",
            })
    void goOnToTheSameLossesAndQualities(String name, String changes) throws Throwable {
        Workload<Batch> workload = workload(name);
        List<RunRecord> records = interrupted(workload, settings(workload, changes), 1);
        for (int epoch = 0; epoch < 3; epoch++) {
            RunRecord.Epoch expected = records.get(0).epochs().get(epoch);
            RunRecord.Epoch found = records.get(1).epochs().get(epoch);
            assertEquals(expected.trainLoss(), found.trainLoss(), "loss of epoch " + (epoch + 1));
            assertEquals(expected.quality(), found.quality(), "quality of epoch " + (epoch + 1));
            assertEquals(expected.learningRate(), found.learningRate());
            assertEquals(expected.trainSamples(), found.trainSamples());
        }
    }

    /**
     * What the batches of a rank left in its running statistics and accumulated gradients differs between ranks, and is averaged when
     * the state is saved: one rounding of float32 more.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void severalRanksGoOnUpToRounding(int accumulation) throws Throwable {
        String[] deepcam = DEEPCAM.split("; ", -1);
        Workload<Batch> workload = workload(deepcam[0]);
        String changes = deepcam[1] + " gradient_accumulation_frequency=" + accumulation;
        List<RunRecord> records = interrupted(workload, settings(workload, changes), 2);
        for (int epoch = 0; epoch < 3; epoch++) {
            RunRecord.Epoch expected = records.get(0).epochs().get(epoch);
            RunRecord.Epoch found = records.get(1).epochs().get(epoch);
            // Training reads no running statistics; what was accumulated it does.
            double delta = accumulation == 1 ? 0 : 1e-5 * expected.trainLoss();
            assertEquals(expected.trainLoss(), found.trainLoss(), delta, "loss of epoch " + (epoch + 1));
            // A pixel of equal scores may go to another class.
            assertEquals(expected.quality(), found.quality(), 1.0 / (32 * 48), "quality of epoch " + (epoch + 1));
        }
        if (accumulation > 1) {
            return;
        }
        float[] whole = state(directory.resolve("whole"));
        float[] resumed = state(directory.resolve("stopped"));
        for (int i = 0; i < whole.length; i++) {
            // A few roundings of float32.
            assertEquals(whole[i], resumed[i], 1e-6 * Math.max(1, Math.abs(whole[i])), "value " + i);
        }
    }

    /** After the epoch that was interrupted, in the order of the file: the length of its header, the header, values. */
    private static float[] state(Path out) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(out.resolve("checkpoints_0/epoch_0002.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        long header = file.getLong();
        file.position(file.position() + (int) header);
        float[] values = new float[file.remaining() / Float.BYTES];
        file.asFloatBuffer().get(values);
        return values;
    }
}
