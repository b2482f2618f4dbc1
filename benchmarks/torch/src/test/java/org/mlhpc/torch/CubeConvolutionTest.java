package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class CubeConvolutionTest {
    @Test
    void the_shape_is_that_of_the_documentation() {
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            long[] shape = new CubeConvolution(ScalarType.Float, 8)
                    .convolve()
                    .sizes()
                    .vec()
                    .get();
            assertArrayEquals(new long[] {4, 128, 32, 32, 32}, shape);
        }
    }

    /** Its columns take 450 MB a volume: a volume for every two threads would not fit. */
    @Test
    void in_fp64_there_is_one_volume_for_all_threads() {
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            Tensor result = new CubeConvolution(ScalarType.Double, 8).convolve();
            assertArrayEquals(
                    new long[] {1, 128, 32, 32, 32}, result.sizes().vec().get());
            assertEquals(ScalarType.Double, result.scalar_type().intern());
        }
    }

    @Test
    void there_is_a_rate_for_each_repetition() {
        double[] rates = new TorchEngine().convolutionFlopPerSecond("fp32", 1, 2, 0);
        assertEquals(2, rates.length);
        assertTrue(
                Arrays.stream(rates).allMatch(rate -> rate > 0 && rate < Double.POSITIVE_INFINITY),
                Arrays.toString(rates));
    }
}
