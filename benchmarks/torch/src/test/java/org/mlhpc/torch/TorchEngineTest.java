package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
            engine.matmulFlopPerSecond("fp32", threads, 1);
            assertEquals(threads, torch.get_num_threads());
            assertEquals(threads, ComputeThreads.ofProducts());
        }
        engine.convolutionFlopPerSecond("fp32", 1, 1);
        assertEquals(1, ComputeThreads.ofProducts());
    }
}
