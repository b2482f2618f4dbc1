package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.torch.OperatorProbe;

/** Gradients of weights by taps beside those of libtorch. */
class TapGradientTest {
    private static final Convolution WIDE = Convolution.of(128, 130, 3, false);

    private static Tensor random(ScalarType type, long... shape) {
        return torch.rand(shape).sub(new Scalar(0.5)).to(type);
    }

    private static Tensor kernel(Convolution c, ScalarType type) {
        long[] shape = c.kernelShape().stream().mapToLong(Long::longValue).toArray();
        return random(type, shape).requires_grad_(true);
    }

    private static Tensor apply(Convolution c, Tensor x, Tensor weight) {
        var batchNorm = BatchNorm.evaluating();
        return new Execution(Map.of("c.weight", weight), batchNorm, OperatorProbe.none()).convolution("c", x, c);
    }

    private static double difference(Tensor expected, Tensor found) {
        return found.sub(expected).abs().max().item_double()
                / expected.abs().max().item_double();
    }

    /**
     * In float64, also where most taps see zeros alone. A sum of n products below 1/2 rounds by less than n^2 / 2 times 2^-53, in whatever
     * order: 8e-12 for n = 2 * 16 * 12, and the largest sum is above 1.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 1, false, 9, 11",
        "1, 6, false, 16, 12",
        "1, 18, false, 12, 20",
        "2, 1, false, 9, 12",
        "2, 2, false, 10, 7",
        "2, 1, true, 5, 8",
    })
    void agreesWithLibtorch(int stride, int dilation, boolean transposed, int height, int width) {
        var c = new Convolution(4, 5, 3, stride, dilation, 1, false, transposed, false);
        try (var scope = new PointerScope()) {
            torch.manual_seed(1);
            Tensor x = random(ScalarType.Double, 2, 4, height, width);
            Tensor weight = kernel(c, ScalarType.Double);
            Tensor y = apply(c, x, weight);
            Tensor ofOutput = torch.rand_like(y);
            y.mul(ofOutput).sum().backward();

            Tensor found = transposed ? TapGradient.of(c, x, ofOutput) : TapGradient.of(c, ofOutput, x);

            assertEquals(0, difference(weight.grad(), found), 2e-11);
        }
    }

    /**
     * Through backward, of a network's operator in fp32, beside float64. Of 2 * 96 products, each rounded with 6e-8, the sum errs by
     * less than 192 * 6e-8 of the sum of their sizes, which is some ten times the largest gradient: 1e-4.
     */
    @ParameterizedTest
    @CsvSource({"1, false", "6, false", "1, true"})
    void backwardGivesItToTheWeights(int dilation, boolean transposed) {
        Convolution c = transposed ? Convolution.doubling(128, 130) : WIDE.withDilation(dilation);
        try (var scope = new PointerScope()) {
            torch.manual_seed(2);
            Tensor x = random(ScalarType.Float, 2, 128, 8, 12).contiguous(MemoryFormat.ChannelsLast);
            Tensor weight = kernel(c, ScalarType.Float);
            x.requires_grad_(true);
            assertTrue(TapGradient.suits(c, x, weight));
            Tensor exactX = x.detach().to(ScalarType.Double).requires_grad_(true);
            Tensor exactWeight = weight.detach().to(ScalarType.Double).requires_grad_(true);
            assertFalse(TapGradient.suits(c, exactX, exactWeight), "float64 is libtorch's");

            // Twice, as gradients of several passes add up.
            for (int pass = 0; pass < 2; pass++) {
                apply(c, x, weight).square().sum().backward();
                apply(c, exactX, exactWeight).square().sum().backward();
            }

            assertEquals(0, difference(exactWeight.grad(), weight.grad().to(ScalarType.Double)), 1e-4);
            assertEquals(0, difference(exactX.grad(), x.grad().to(ScalarType.Double)), 1e-4);
        }
    }

    @Test
    void anInputThatIsOverwrittenIsFound() {
        try (var scope = new PointerScope()) {
            Tensor input = random(ScalarType.Float, 1, 128, 4, 4).requires_grad_(true);
            Tensor x = input.mul(new Scalar(2));
            Tensor y = apply(WIDE, x, kernel(WIDE, ScalarType.Float));
            x.detach().zero_();
            var failure = assertThrows(RuntimeException.class, () -> y.sum().backward());
            assertTrue(failure.getMessage().contains("overwritten"), failure.getMessage());
        }
    }

    @Test
    void whatNeedsNoGradientIsLeftAlone() {
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            Tensor x = random(ScalarType.Float, 1, 128, 4, 4).requires_grad_(true);
            Tensor y = apply(WIDE, x, kernel(WIDE, ScalarType.Float));
            assertFalse(y.requires_grad());
        }
    }

    /**
     * Forward and backward of an atrous depthwise kernel, in float64, by its images and as libtorch does it. By the bound above outputs, of 9
     * products, differ by less than 1e-14, and gradients of weights, of n = 2 * 8 * 12 products, by 2e-12 from another order on each side.
     */
    @ParameterizedTest
    @CsvSource({"2, 8, 12", "3, 9, 6"})
    void interleavedImagesGiveTheSame(int dilation, int height, int width) {
        Convolution c = Convolution.depthwise(4, 1, dilation);
        try (var scope = new PointerScope()) {
            torch.manual_seed(3);
            Tensor x = random(ScalarType.Double, 2, 4, height, width).requires_grad_(true);
            Tensor weight = kernel(c, ScalarType.Double);
            assertTrue(InterleavedImages.suit(c, x));
            // One column more, which divides by none, and is cut off: what is beside it are zeros either way.
            Tensor wider = torch.constant_pad_nd(x, new long[] {0, 1});
            assertFalse(InterleavedImages.suit(c, wider));

            Tensor found = apply(c, x, weight);
            Tensor expected = apply(c, wider, weight).narrow(3, 0, width);

            assertEquals(0, difference(expected, found), 1e-14);
            Tensor factors = torch.rand_like(found);
            List<Tensor> gradients = gradients(found.mul(factors).sum(), x, weight);
            List<Tensor> expectedGradients = gradients(expected.mul(factors).sum(), x, weight);
            for (int i = 0; i < gradients.size(); i++) {
                assertEquals(0, difference(expectedGradients.get(i), gradients.get(i)), 4e-12);
            }
        }
    }

    private static List<Tensor> gradients(Tensor loss, Tensor... of) {
        for (Tensor tensor : of) {
            tensor.mutable_grad().reset();
        }
        loss.backward();
        return List.of(of).stream().map(tensor -> tensor.grad().clone()).toList();
    }
}
