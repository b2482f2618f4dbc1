package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.api.Batch;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.staging.StagingRequest;

/** The real workloads, small, interrupted in their second epoch. */
class ResumedWorkloadsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int STEPS = 5;

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

    private RunRecord run(Workload<Batch> workload, Settings settings, Path out, boolean resume, LongSupplier nanos)
            throws IOException {
        var plan = new RunPlan(
                workload,
                "tiny",
                settings,
                7,
                0,
                Files.createDirectories(out),
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
        new TrainingRun<>(
                        plan,
                        workload,
                        new LocalCommunicator(),
                        "",
                        new RunClock(nanos, 0),
                        silent,
                        InstantSource.system())
                .execute();
        return RunRecordFile.read(out.resolve("run.json"));
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

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cosmoflow; target_mae=1e-6 sample_size=8 conv_layers=2 conv_filters=2 dropout=0.3 gen_box_cells=8"
                        + " gen_train_samples=10 gen_validation_samples=3",
                "deepcam; target_iou=0.999 image_height=32 image_width=48 width_divisor=16 middle_blocks=1"
                        + " gradient_accumulation_frequency=2 scheduler_t_max=15 gen_train_samples=10 gen_validation_samples=2",
                "oc20; target_forces_mae=1e-6 hidden_channels=8 out_emb_channels=8 warmup_steps=4 lr_milestones=6,8,10"
                        + " gen_train_samples=10 gen_validation_samples=3 gen_files=1",
            })
    void goOnToTheSameLossesAndQualities(String name, String changes) throws IOException {
        Workload<Batch> workload = workload(name);
        Settings settings = settings(workload, changes);
        workload.generator(settings).generate(directory.resolve("data"), 3, 2, Progress.none());
        RunRecord whole = run(workload, settings, directory.resolve("whole"), false, System::nanoTime);

        Path out = directory.resolve("stopped");
        var stopped =
                assertThrows(RunStopped.class, () -> run(workload, settings, out, false, askingInTheSecondEpoch(out)));
        RunRecord resumed = run(workload, settings, out, true, System::nanoTime);

        RunRecord.Interruption gap = resumed.interruptions().get(0);
        assertEquals(2, gap.epoch(), stopped.getMessage());
        assertTrue(gap.step().orElseThrow() < STEPS, stopped.getMessage());
        assertEquals(3, resumed.epochs().size());
        for (int epoch = 0; epoch < 3; epoch++) {
            RunRecord.Epoch expected = whole.epochs().get(epoch);
            RunRecord.Epoch found = resumed.epochs().get(epoch);
            assertEquals(expected.trainLoss(), found.trainLoss(), "loss of epoch " + (epoch + 1));
            assertEquals(expected.quality(), found.quality(), "quality of epoch " + (epoch + 1));
            assertEquals(expected.learningRate(), found.learningRate());
            assertEquals(expected.trainSamples(), found.trainSamples());
        }
    }
}
