package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
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

    @Test
    void everyPrecisionHasATypeOfItsOwn() {
        assertTrue(engine.fastPrecisions().contains("fp64"));
        assertEquals(ScalarType.Double, TorchEngine.type("fp64"));
        assertEquals(ScalarType.Float, TorchEngine.type("fp32"));
        assertEquals(ScalarType.BFloat16, TorchEngine.type("bf16"));
    }

    @Test
    void anUnknownPrecisionIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> engine.matmulFlopPerSecond("fp16", 1, 1, 0))
                .getMessage();
        assertEquals("precision 'fp16' is none of fp64, fp32 and bf16", message);
    }
}
