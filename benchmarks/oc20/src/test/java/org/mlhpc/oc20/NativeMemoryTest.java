package org.mlhpc.oc20;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.Progress;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Trainer;
import org.mlhpc.oc20.data.GraphBatch;

/** As counted by JavaCPP, which knows every native object that Java holds. */
class NativeMemoryTest {
    private final OpenCatalyst workload = new OpenCatalyst();

    private record Memory(long bytes, long objects) {
        static Memory now() {
            return new Memory(Pointer.totalBytes(), Pointer.totalCount());
        }

        void assertNotExceeded() {
            Memory now = now();
            assertTrue(now.bytes <= bytes && now.objects <= objects, this + " grew to " + now);
        }
    }

    private static RunContext run(Settings settings) {
        return new RunContext(new LocalCommunicator(), settings, 3, PhaseClock.none(), 1);
    }

    /** Each of which differentiates twice. */
    @Test
    void stepsLeaveNothing() {
        GraphBatch batch = Graphs.batch(Graphs.graph(1), Graphs.graph(2));
        try (Trainer<GraphBatch> trainer = workload.newTrainer(run(Graphs.settings()))) {
            trainer.startEpoch(1);
            for (int step = 0; step < 5; step++) {
                trainer.step(batch);
                trainer.validate(batch);
            }
            Memory before = Memory.now();
            for (int step = 0; step < 40; step++) {
                trainer.step(batch);
                trainer.validate(batch);
            }
            before.assertNotExceeded();
        }
    }

    /** Loader threads make the tensors of a batch and free those of the one before; without shuffling epochs are alike. */
    @Test
    void epochsLeaveNothing(@TempDir Path directory) throws IOException {
        Settings settings = Graphs.settings()
                .with(Map.of(
                        "gen_train_samples", "20",
                        "gen_validation_samples", "5",
                        "gen_files", "1",
                        "gen_repeats", "1",
                        "shuffle", "false",
                        "loader_threads", "2"));
        workload.generator(settings).generate(directory.resolve("set"), 1, 1, Progress.none());
        RunContext run = run(settings);
        try (Dataset<GraphBatch> data = workload.openDataset(directory.resolve("set"), run);
                Trainer<GraphBatch> trainer = workload.newTrainer(run)) {
            for (int epoch = 1; epoch <= 2; epoch++) {
                train(trainer, data, epoch);
            }
            Memory before = Memory.now();
            for (int epoch = 3; epoch <= 12; epoch++) {
                train(trainer, data, epoch);
            }
            before.assertNotExceeded();
        }
    }

    private static void train(Trainer<GraphBatch> trainer, Dataset<GraphBatch> data, int epoch) throws IOException {
        trainer.startEpoch(epoch);
        try (BatchReader<GraphBatch> reader = data.train(epoch)) {
            while (reader.next()) {
                trainer.step(reader.batch());
            }
        }
        try (BatchReader<GraphBatch> reader = data.validation()) {
            while (reader.next()) {
                trainer.validate(reader.batch());
            }
        }
    }
}
