package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SquareProductTest {
    @Test
    void bothWaysGiveTheSameMatrix() {
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            var square = new SquareProduct(ScalarType.Float, SquareProduct.LEAST_SIDE);

            Tensor byConvolution = square.convolve().reshape(SquareProduct.LEAST_SIDE, SquareProduct.LEAST_SIDE);

            // Sums of 2048 numbers of about 1/4 differ by their order alone: 2048 roundings of 2^-24, relative, at
            // most.
            double largest = square.product().sub(byConvolution).abs().max().item_double();
            assertTrue(largest < 2048 * Math.pow(2, -24) * 2048 * 0.25, "largest difference " + largest);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ScalarType.class,
            names = {"Double", "Float"})
    void bothWaysCalculateInTheTypeThatIsAskedFor(ScalarType type) {
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            var square = new SquareProduct(type, 64);

            assertEquals(type, square.product().scalar_type().intern());
            assertEquals(type, square.convolve().scalar_type().intern());
        }
    }

    @Test
    void engineGivesARateForEachRepetition() {
        double[] rates = new TorchEngine().matmulFlopPerSecond("fp32", 1, 3, 0);

        assertEquals(3, rates.length);
        assertTrue(
                Arrays.stream(rates).allMatch(rate -> rate > 0 && rate < Double.POSITIVE_INFINITY),
                Arrays.toString(rates));
    }
}
