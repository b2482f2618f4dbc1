package org.mlhpc.cosmoflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.cosmoflow.CosmoFlowNet.Regularisation;
import org.mlhpc.cosmoflow.data.Volumes;

class CosmoFlowNetTest {
    private static final int SAMPLES = 2;
    private static final double L2 = 0.05;

    private static Volumes batch(int side) {
        torch.manual_seed(7);
        Tensor x = torch.rand(SAMPLES, 4, side, side, side).to(ScalarType.Double);
        Tensor y = torch.rand(SAMPLES, 4).to(ScalarType.Double);
        return new Volumes(x, y, SAMPLES);
    }

    /**
     * Central differences of step h err by h^2 times the third derivative; in float64 with h = 1e-5 that and the rounding of
     * the loss (1e-16 / h) are near 1e-10, against gradients of about 1e-3. The bound leaves two orders for curvature.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void gradientsAgreeWithFiniteDifferences(int kernel) {
        var architecture = new Architecture(8, 2, 2, kernel, 6, 5);
        try (var scope = new PointerScope();
                var net = new CosmoFlowNet(architecture, new Regularisation(0, L2), ScalarType.Double, 3)) {
            Volumes batch = batch(8);
            net.loss(batch).backward();
            var random = new Random(11);
            for (Tensor parameter : net.parameters().tensors()) {
                for (int i = 0; i < 4; i++) {
                    long element = random.nextInt((int) parameter.numel());
                    double gradient = at(parameter.grad(), element);
                    double difference = centralDifference(net, batch, parameter, element);
                    assertEquals(difference, gradient, 1e-8 + 1e-6 * Math.abs(gradient));
                }
            }
        }
    }

    private static double at(Tensor tensor, long element) {
        return tensor.contiguous().data_ptr_double().get(element);
    }

    private static double centralDifference(CosmoFlowNet net, Volumes batch, Tensor parameter, long element) {
        double step = 1e-5;
        try (var noGradient = new NoGradGuard()) {
            Tensor contiguous = parameter.contiguous().clone();
            DoublePointer values = contiguous.data_ptr_double();
            double value = values.get(element);
            values.put(element, value + step);
            double above = lossWith(net, batch, parameter, contiguous);
            values.put(element, value - step);
            double below = lossWith(net, batch, parameter, contiguous);
            values.put(element, value);
            parameter.copy_(contiguous);
            return (above - below) / (2 * step);
        }
    }

    private static double lossWith(CosmoFlowNet net, Volumes batch, Tensor parameter, Tensor values) {
        parameter.copy_(values);
        return net.loss(batch).item_double();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 12345})
    void initialWeightsAreGlorotUniformAndFollowFromTheSeed(long seed) {
        var architecture = new Architecture(16, 3, 4, 3, 8, 8);
        try (var scope = new PointerScope();
                var one = new CosmoFlowNet(architecture, new Regularisation(0.5, 0), ScalarType.Float, seed);
                var same = new CosmoFlowNet(architecture, new Regularisation(0.5, 0), ScalarType.Float, seed)) {
            List<Tensor> weights = one.parameters().tensors();
            for (int i = 0; i < weights.size(); i++) {
                double limit = architecture.parameters().get(i).initial().scale();
                double largest = weights.get(i).detach().abs().max().item_double();
                assertTrue(largest <= limit, i + ": " + largest + " above " + limit);
                assertTrue(weights.get(i).equal(same.parameters().tensors().get(i)));
            }
            // The largest of n uniform values lies within 1 % of the limit unless 0.99^n happens: n = 864, 2e-4.
            assertEquals(
                    architecture.parameters().get(2).initial().scale(),
                    weights.get(2).detach().abs().max().item_double(),
                    0.01 * architecture.parameters().get(2).initial().scale());
        }
    }
}
