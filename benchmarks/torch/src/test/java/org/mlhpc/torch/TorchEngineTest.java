package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchEngineTest {
    private final TorchEngine engine = new TorchEngine();
    private final int before = torch.get_num_threads();

    @AfterEach
    void reset() {
        ComputeThreads.set(before);
    }

    /** OpenBLAS does not listen to libtorch: products on "one thread" went at the rate of two. */
    @Test
    void measuresWithAsManyThreadsAsItIsTold() {
        for (int threads : new int[] {1, 2}) {
            engine.matmulFlopPerSecond("fp32", threads, 1, 0);
            assertEquals(threads, torch.get_num_threads());
            assertEquals(threads, ComputeThreads.ofProducts());
        }
        engine.convolutionFlopPerSecond("fp32", 1, 1, 0);
        assertEquals(1, ComputeThreads.ofProducts());
    }

    /** Twice the bits are half the numbers of a vector: fp64 that goes at more than three quarters of fp32's rate is none. */
    @Test
    void fp64IsNotFp32() {
        assertTrue(engine.fastPrecisions().contains("fp64"));
        assertTrue(best(engine.matmulFlopPerSecond("fp64", 1, 3, 0))
                < 0.75 * best(engine.matmulFlopPerSecond("fp32", 1, 3, 0)));
        assertTrue(best(engine.convolutionFlopPerSecond("fp64", 1, 1, 0))
                < 0.75 * best(engine.convolutionFlopPerSecond("fp32", 1, 1, 0)));
    }

    private static double best(double[] rates) {
        return Arrays.stream(rates).max().orElseThrow();
    }

    @Test
    void anUnknownPrecisionIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> engine.matmulFlopPerSecond("fp16", 1, 1, 0))
                .getMessage();
        assertEquals("precision 'fp16' is none of fp64, fp32 and bf16", message);
    }
}
