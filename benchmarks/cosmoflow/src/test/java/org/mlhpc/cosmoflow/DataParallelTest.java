package org.mlhpc.cosmoflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RankThreads;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Trainer;
import org.mlhpc.cosmoflow.data.Volumes;

class DataParallelTest {
    private static final int SIDE = 16;
    private static final int STEPS = 5;

    @TempDir
    private Path directory;

    private static Settings settings() {
        return new CosmoFlow()
                .settings("tiny")
                .with(Map.of(
                        "sample_size", "" + SIDE,
                        "conv_layers", "2",
                        "conv_filters", "4",
                        "dropout", "0",
                        "opt_weight_decay", "0.01",
                        "lr_scaling", "none",
                        // Small buckets, so that several all-reduces are started within one backward.
                        "bucket_mb", "0.01"));
    }

    private static Trainer<Volumes> trainer(Communicator world) {
        return new CosmoFlow().newTrainer(new RunContext(world, settings(), 5, PhaseClock.none(), 1));
    }

    private static Volumes whole(int step, int samples) {
        torch.manual_seed(1000L + step);
        Tensor x = torch.rand(samples, 4, SIDE, SIDE, SIDE);
        Tensor y = torch.rand(samples, 4);
        return new Volumes(x, y, samples);
    }

    private static Volumes part(Volumes whole, int rank, int samples) {
        return new Volumes(
                whole.x().narrow(0, (long) rank * samples, samples),
                whole.y().narrow(0, (long) rank * samples, samples),
                samples);
    }

    private byte[] train(Communicator world, List<Volumes> batches, String file) throws Exception {
        try (Trainer<Volumes> trainer = trainer(world)) {
            trainer.startEpoch(10);
            for (Volumes batch : batches) {
                trainer.step(part(batch, world.rank(), batch.samples() / world.size()));
            }
            Path weights = directory.resolve(file + world.rank());
            trainer.exportWeights(weights);
            return Files.readAllBytes(weights);
        }
    }

    /**
     * The mean over ranks of means over equal parts is the mean over the whole; what differs is the order of float32 sums.
     * Weights are near 0.1 and steps change them by about 1e-3; sums of 2^16 terms in another order differ by about 1e-6 of
     * their size, so 1e-6 bounds the weights after a few steps, and a wrong factor of two would show as 1e-4 or more.
     */
    @Test
    void ranksWithPartsTrainLikeOneRankWithTheWhole() throws Exception {
        var batches = new ArrayList<Volumes>();
        for (int step = 0; step < STEPS; step++) {
            batches.add(whole(step, 4));
        }
        byte[] one = train(new LocalCommunicator(), batches, "one");
        List<byte[]> two = RankThreads.run(2, world -> train(world, batches, "two"));
        assertArrayEquals(two.get(0), two.get(1), "ranks hold the same weights to the last bit");
        float[] expected = floats(one);
        float[] found = floats(two.get(0));
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], 1e-6f);
        }
    }

    private static float[] floats(byte[] safetensors) {
        var buffer = java.nio.ByteBuffer.wrap(safetensors).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        buffer.position(8 + (int) buffer.getLong(0));
        float[] values = new float[buffer.remaining() / Float.BYTES];
        buffer.asFloatBuffer().get(values);
        return values;
    }

    @Test
    void sameSeedTrainsToTheSameWeights() throws Exception {
        List<Volumes> batches = List.of(whole(0, 2), whole(1, 2));

        assertArrayEquals(train(new LocalCommunicator(), batches, "a"), train(new LocalCommunicator(), batches, "b"));
    }

    /** Counted by JavaCPP, which knows every native object that Java holds. */
    @Test
    void nativeMemoryStaysFlatOverAThousandSteps() {
        Volumes batch = whole(0, 1);
        try (Trainer<Volumes> trainer = trainer(new LocalCommunicator())) {
            trainer.startEpoch(1);
            for (int step = 0; step < 100; step++) {
                trainer.step(batch);
            }
            long bytes = Pointer.totalBytes();
            long objects = Pointer.totalCount();
            for (int step = 0; step < 1000; step++) {
                trainer.step(batch);
            }
            assertTrue(Pointer.totalBytes() <= bytes, bytes + " bytes grew to " + Pointer.totalBytes());
            assertTrue(Pointer.totalCount() <= objects, objects + " objects grew to " + Pointer.totalCount());
        }
    }

    @Test
    void aRestoredTrainerContinuesAsTheOneItCameFrom() throws Exception {
        Path state = directory.resolve("state");
        double uninterrupted;
        try (Trainer<Volumes> trainer = trainer(new LocalCommunicator())) {
            trainer.startEpoch(1);
            trainer.step(whole(0, 2));
            trainer.saveState(state);
            trainer.startEpoch(2);
            trainer.step(whole(1, 2));
            uninterrupted = trainer.step(whole(2, 2));
        }
        try (Trainer<Volumes> trainer = trainer(new LocalCommunicator())) {
            trainer.loadState(state);
            trainer.startEpoch(2);
            trainer.step(whole(1, 2));
            assertEquals(uninterrupted, trainer.step(whole(2, 2)));
        }
    }
}
