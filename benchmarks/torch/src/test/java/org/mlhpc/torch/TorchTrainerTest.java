package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RankThreads;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;

/** Accumulation, buffers and checkpoints, on a linear model whose buffer remembers the mean of the last inputs. */
class TorchTrainerTest {
    private static final int FEATURES = 4;

    @TempDir
    private Path directory;

    private record Rows(Tensor x, Tensor y, int samples) implements Batch {}

    private static final class Linear implements TorchModel<Rows> {
        private final List<String> events;
        private final Parameters parameters = new Parameters(
                List.of(ParameterSpec.contiguous("w", List.of((long) FEATURES), Initial.uniform(1))),
                ScalarType.Float,
                3);
        private final Buffers buffers = new Buffers(List.of(new Buffers.Spec("seen", 1, 7)), ScalarType.Float);

        Linear(List<String> events) {
            this.events = events;
        }

        @Override
        public void prepare(Rows batch) {
            events.add("prepare");
        }

        @Override
        public Parameters parameters() {
            return parameters;
        }

        @Override
        public Buffers buffers() {
            return buffers;
        }

        @Override
        public Tensor loss(Rows batch, OperatorProbe probe) {
            events.add("loss");
            buffers.tensors().get(0).copy_(batch.x().mean());
            Tensor estimate = torch.matmul(batch.x(), parameters.tensors().get(0));
            Tensor loss = torch.mse_loss(estimate, batch.y());
            probe.after("loss", loss);
            return loss;
        }

        @Override
        public double[] validate(Rows batch) {
            return new double[] {buffers.tensors().get(0).item_double()};
        }

        @Override
        public double metric(double[] sums) {
            return sums[0];
        }

        @Override
        public void close() {
            parameters.close();
            buffers.close();
        }
    }

    private static final Settings SETTINGS = Settings.of(Map.of("precision", "fp32", "bucket_mb", "1"));
    private static final AdamOptions ADAM = new AdamOptions(List.of(0.9, 0.999), 1e-6, 0.01);

    private static TorchTrainer<Rows> trainer(Communicator world, int stepsPerUpdate) {
        return new TorchTrainer<>(
                new Linear(new ArrayList<>()),
                parameters -> Adam.adamW(parameters, ADAM),
                (epoch, update) -> 0.1 / (1 + update),
                stepsPerUpdate,
                new RunContext(world, SETTINGS, 1, PhaseClock.none(), 1));
    }

    private static Rows rows(int step, int samples) {
        var random = new Random(step);
        return new Rows(tensor(random, samples, FEATURES), tensor(random, samples), samples);
    }

    /** Not by libtorch's generator, which the ranks of this process share. */
    private static Tensor tensor(Random random, long... sizes) {
        Tensor tensor = torch.zeros(sizes);
        FloatPointer values = tensor.data_ptr_float();
        for (long i = 0; i < tensor.numel(); i++) {
            values.put(i, random.nextFloat());
        }
        return tensor;
    }

    private static Rows part(Rows rows, int index, int samples) {
        return new Rows(
                rows.x().narrow(0, (long) index * samples, samples),
                rows.y().narrow(0, (long) index * samples, samples),
                samples);
    }

    private byte[] weights(TorchTrainer<Rows> trainer, String name) throws Exception {
        Path file = directory.resolve(name);
        trainer.exportWeights(file);
        return Files.readAllBytes(file);
    }

    private static float[] floats(byte[] safetensors) {
        var buffer = java.nio.ByteBuffer.wrap(safetensors).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        buffer.position(8 + (int) buffer.getLong(0));
        float[] values = new float[buffer.remaining() / Float.BYTES];
        buffer.asFloatBuffer().get(values);
        return values;
    }

    /** What ranks have to agree on is neither forward nor anything else that they compute. */
    @Test
    void preparationCountsAsAnAllReduce() {
        var events = new ArrayList<String>();
        var model = new Linear(events);
        var run = new RunContext(new LocalCommunicator(), SETTINGS, 1, phase -> events.add(phase.toString()), 1);
        try (var trainer =
                new TorchTrainer<>(model, parameters -> Adam.adamW(parameters, ADAM), (epoch, update) -> 0.1, run)) {
            trainer.startEpoch(1);
            trainer.step(rows(0, 8));
        }
        assertEquals(
                List.of("ALL_REDUCE", "prepare", "FORWARD", "loss", "BACKWARD", "ALL_REDUCE", "OPTIMIZER"), events);
    }

    /** Means over halves average to the mean over the whole; float32 rounding of numbers near 1, a few times. */
    @Test
    void halvesAccumulatedAreTheWhole() throws Exception {
        try (TorchTrainer<Rows> whole = trainer(new LocalCommunicator(), 1);
                TorchTrainer<Rows> halves = trainer(new LocalCommunicator(), 2)) {
            whole.startEpoch(1);
            halves.startEpoch(1);
            for (int step = 0; step < 3; step++) {
                Rows rows = rows(step, 8);
                whole.step(rows);
                halves.step(part(rows, 0, 4));
                halves.step(part(rows, 1, 4));
            }
            assertEquals(whole.learningRate(), halves.learningRate());
            float[] expected = floats(weights(whole, "whole"));
            float[] found = floats(weights(halves, "halves"));
            for (int i = 0; i < FEATURES; i++) {
                assertEquals(expected[i], found[i], 1e-6f);
            }
        }
    }

    @Test
    void theScheduleKnowsTheUpdatesOfAllEpochs() {
        try (TorchTrainer<Rows> trainer = trainer(new LocalCommunicator(), 1)) {
            trainer.startEpoch(1);
            assertEquals(0.1, trainer.learningRate());
            trainer.step(rows(0, 2));
            trainer.startEpoch(2);
            assertEquals(0.05, trainer.learningRate());
            trainer.step(rows(0, 2));
            trainer.step(rows(0, 2));
            assertEquals(0.1 / 3, trainer.learningRate());
        }
    }

    /** On two ranks, with half an accumulation behind it: what rank 0 saves is enough for both. */
    @Test
    void aRestoredTrainerContinuesAsTheOneItCameFrom() throws Exception {
        List<byte[]> uninterrupted = RankThreads.run(2, world -> {
            try (TorchTrainer<Rows> trainer = trainer(world, 2)) {
                trainer.startEpoch(1);
                steps(trainer, world, 0, 3);
                trainer.beginEvaluation();
                if (world.rank() == 0) {
                    trainer.saveState(directory.resolve("state"));
                }
                trainer.startEpoch(2);
                steps(trainer, world, 3, 6);
                return weights(trainer, "one" + world.rank());
            }
        });
        List<byte[]> resumed = RankThreads.run(2, world -> {
            try (TorchTrainer<Rows> trainer = trainer(world, 2)) {
                trainer.loadState(directory.resolve("state"));
                trainer.startEpoch(2);
                steps(trainer, world, 3, 6);
                return weights(trainer, "two" + world.rank());
            }
        });
        for (int rank = 0; rank < 2; rank++) {
            assertArrayEquals(uninterrupted.get(rank), resumed.get(rank));
        }
    }

    private static void steps(TorchTrainer<Rows> trainer, Communicator world, int from, int to) {
        for (int step = from; step < to; step++) {
            trainer.step(rows(10 * step + world.rank(), 4));
        }
    }

    @Test
    void buffersAreAveragedOverRanksBeforeAnEvaluation() throws Exception {
        List<byte[]> exported = RankThreads.run(2, world -> {
            try (TorchTrainer<Rows> trainer = trainer(world, 1)) {
                trainer.startEpoch(1);
                trainer.step(rows(world.rank(), 4));
                trainer.beginEvaluation();
                return weights(trainer, "rank" + world.rank());
            }
        });
        double mean =
                (rows(0, 4).x().mean().item_double() + rows(1, 4).x().mean().item_double()) / 2;
        assertArrayEquals(exported.get(0), exported.get(1));
        assertEquals(mean, floats(exported.get(0))[FEATURES], 1e-6);
    }

    @Test
    void timingChangesNeitherWeightsNorBuffersNorWhatIsAccumulated() throws Exception {
        try (TorchTrainer<Rows> timed = trainer(new LocalCommunicator(), 2);
                TorchTrainer<Rows> other = trainer(new LocalCommunicator(), 2)) {
            for (TorchTrainer<Rows> trainer : List.of(timed, other)) {
                trainer.startEpoch(1);
                trainer.step(rows(0, 4));
            }
            timed.timeOperators(rows(5, 4));
            assertArrayEquals(weights(other, "o1"), weights(timed, "t1"));
            timed.step(rows(1, 4));
            other.step(rows(1, 4));
            assertArrayEquals(weights(other, "o2"), weights(timed, "t2"));
        }
    }
}
