package org.mlhpc.cosmoflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SameConvolutionTest {
    /** In float64, sums of 27 x channels terms of size 1 differ by their order by less than this. */
    private static final double ROUNDING = 1e-10;

    /** The middle line is the case in which a single sample is padded explicitly; see SameConvolution. */
    @ParameterizedTest
    @CsvSource({"3, 8, 6", "3, 128, 12", "3, 160, 12", "2, 8, 6", "5, 4, 6"})
    void oneSampleGivesWhatItGivesInABatchOfTwo(int side, int channels, int cells) {
        try (var scope = new PointerScope()) {
            torch.manual_seed(5);
            Tensor x = torch.rand(1, channels, cells, cells, cells).to(ScalarType.Double);
            Tensor kernel = torch.rand(2, channels, side, side, side).to(ScalarType.Double);
            kernel.set_requires_grad(true);
            Tensor bias = torch.rand(2).to(ScalarType.Double);

            Tensor alone = SameConvolution.of(x, kernel, bias);
            Tensor twice = SameConvolution.of(x.expand(2, channels, cells, cells, cells), kernel, bias);

            assertArrayEquals(
                    new long[] {1, 2, cells, cells, cells}, alone.sizes().vec().get());
            assertSame(twice.narrow(0, 0, 1), alone, channels);
            Tensor gradientAlone = gradient(alone, kernel).clone();
            assertSame(gradient(twice, kernel).div(new Scalar(2.0)), gradientAlone, channels);
        }
    }

    private static Tensor gradient(Tensor output, Tensor kernel) {
        kernel.mutable_grad().reset();
        output.square().sum().backward();
        return kernel.grad();
    }

    private static void assertSame(Tensor expected, Tensor actual, int channels) {
        double scale = expected.abs().max().item_double();
        assertTrue(scale > 0);
        double largest = expected.sub(actual).abs().max().item_double();
        assertEquals(0, largest / scale, ROUNDING * channels);
    }

    @Test
    void zerosAreAssumedAround() {
        try (var scope = new PointerScope()) {
            Tensor x = torch.ones(1, 1, 3, 3, 3).to(ScalarType.Double);
            Tensor kernel = torch.ones(1, 1, 3, 3, 3).to(ScalarType.Double);
            Tensor bias = torch.zeros(1).to(ScalarType.Double);

            Tensor y = SameConvolution.of(x, kernel, bias);

            assertEquals(
                    8,
                    y.index_select(2, torch.zeros(1).to(ScalarType.Long)).min().item_double());
            assertEquals(27, y.max().item_double());
        }
    }
}
