package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
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

    @Test
    void there_is_a_rate_for_each_repetition() {
        double[] rates = new TorchEngine().convolutionFlopPerSecond("fp32", 1, 2);
        assertEquals(2, rates.length);
        assertTrue(
                Arrays.stream(rates).allMatch(rate -> rate > 0 && rate < Double.POSITIVE_INFINITY),
                Arrays.toString(rates));
    }
}
