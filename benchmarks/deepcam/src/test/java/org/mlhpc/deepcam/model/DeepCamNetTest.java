package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.RankThreads;
import org.mlhpc.deepcam.data.Images;
import org.mlhpc.torch.Initial;
import org.mlhpc.torch.OperatorProbe;
import org.mlhpc.torch.ParameterSpec;

class DeepCamNetTest {
    private static final Architecture SMALL = new Architecture(64, 96, 16, 1);

    private static DeepCamNet net(Communicator group) {
        return new DeepCamNet(SMALL, group, ScalarType.Double, 3);
    }

    private static Images batch(int samples) {
        return batch(SMALL, samples);
    }

    private static Images batch(Architecture size, int samples) {
        torch.manual_seed(7);
        Tensor x =
                torch.rand(samples, 16, size.imageHeight(), size.imageWidth()).to(ScalarType.Double);
        Tensor labels = torch.rand(samples, size.imageHeight(), size.imageWidth())
                .mul(new Scalar(3))
                .to(ScalarType.Long);
        return new Images(x, labels, samples);
    }

    private static Images part(Images whole, int index, int samples) {
        return new Images(
                whole.x().narrow(0, (long) index * samples, samples),
                whole.labels().narrow(0, (long) index * samples, samples),
                samples);
    }

    /**
     * Of every tensor, along a random direction. Central differences of step h err by h^2 times the third derivative, and by the
     * rounding of the loss, 1e-15, over h; with h = 1e-8 both are at most 1e-7. Where a ReLU bends between the two points a difference
     * changes by much more, but another direction has other bends, and a wrong gradient is wrong in all directions.
     */
    @Test
    void gradientsAgreeWithFiniteDifferences() {
        var architecture = new Architecture(32, 48, 16, 0);
        try (var scope = new PointerScope();
                var net = new DeepCamNet(architecture, new LocalCommunicator(), ScalarType.Double, 3)) {
            Images batch = batch(architecture, 2);
            net.loss(batch).backward();
            torch.manual_seed(11);
            List<ParameterSpec> specs = Declaration.of(architecture).parameters();
            int bent = 0;
            for (int i = 0; i < specs.size(); i++) {
                Tensor parameter = net.parameters().tensors().get(i);
                double allowed = 1e-7 + 1e-4 * parameter.grad().norm().item_double();
                double error = errorOfGradient(net, batch, parameter);
                for (int again = 0; again < 2 && error > allowed; again++) {
                    bent++;
                    error = errorOfGradient(net, batch, parameter);
                }
                assertEquals(0, error, allowed, specs.get(i).name());
            }
            assertTrue(bent < specs.size() / 10, bent + " of " + specs.size() + " met a bend");
        }
    }

    /** Difference between the slope along a random direction of length 1 and what the gradient says. */
    private static double errorOfGradient(DeepCamNet net, Images batch, Tensor parameter) {
        double step = 1e-8;
        try (var scope = new PointerScope()) {
            Tensor direction = torch.randn_like(parameter);
            direction.div_(direction.norm());
            double expected = parameter.grad().mul(direction).sum().item_double();
            double difference =
                    lossAt(net, batch, parameter, direction, step) - lossAt(net, batch, parameter, direction, -step);
            return Math.abs(difference / (2 * step) - expected);
        }
    }

    private static double lossAt(DeepCamNet net, Images batch, Tensor parameter, Tensor direction, double distance) {
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            Tensor before = parameter.clone();
            parameter.add_(direction, new Scalar(distance));
            double loss = net.loss(batch).item_double();
            parameter.copy_(before);
            return loss;
        }
    }

    /** What one rank computed, in plain Java so that it outlives the rank. */
    private record Result(double loss, List<double[]> gradients, List<double[]> buffers) {}

    private static Result train(Communicator group, Images batch) {
        try (var scope = new PointerScope();
                DeepCamNet net = net(group)) {
            Tensor loss = net.loss(batch);
            loss.backward();
            var gradients = new ArrayList<double[]>();
            net.parameters().tensors().forEach(parameter -> gradients.add(values(parameter.grad())));
            var buffers = new ArrayList<double[]>();
            net.buffers().tensors().forEach(buffer -> buffers.add(values(buffer)));
            return new Result(loss.item_double(), gradients, buffers);
        }
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[(int) tensor.numel()];
        tensor.contiguous().data_ptr_double().get(values);
        return values;
    }

    /**
     * In float64, so that only a wrong formula can tell one from the other: two ranks with a sample each, whose statistics are
     * joined, are one rank with two samples. Sums in another order differ by 1e-16 times what 90 layers make of it.
     */
    @Test
    void ranksOfAGroupNormaliseLikeOneRankWithAllSamples() throws Exception {
        try (var scope = new PointerScope()) {
            Images whole = batch(2);
            Result one = train(new LocalCommunicator(), whole);
            List<Result> two = RankThreads.run(2, group -> train(group, part(whole, group.rank(), 1)));
            assertEquals(one.loss(), (two.get(0).loss() + two.get(1).loss()) / 2, 1e-12 * one.loss());
            for (int i = 0; i < one.gradients().size(); i++) {
                assertMean(
                        one.gradients().get(i),
                        two.get(0).gradients().get(i),
                        two.get(1).gradients().get(i));
            }
            for (int i = 0; i < one.buffers().size(); i++) {
                assertMean(
                        one.buffers().get(i),
                        two.get(0).buffers().get(i),
                        two.get(0).buffers().get(i));
                assertMean(
                        one.buffers().get(i),
                        two.get(1).buffers().get(i),
                        two.get(1).buffers().get(i));
            }
        }
    }

    /** Otherwise the test above would prove nothing. */
    @Test
    void withoutAGroupTheStatisticsOfEachRankAreItsOwn() {
        try (var scope = new PointerScope()) {
            Images whole = batch(2);
            double one = train(new LocalCommunicator(), whole).loss();
            double first = train(new LocalCommunicator(), part(whole, 0, 1)).loss();
            double second = train(new LocalCommunicator(), part(whole, 1, 1)).loss();
            assertTrue(Math.abs(one - (first + second) / 2) > 1e-6 * one);
        }
    }

    private static void assertMean(double[] expected, double[] first, double[] second) {
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], (first[i] + second[i]) / 2, 1e-9 * largest + 1e-15);
        }
    }

    @Test
    void evaluationUsesTheRunningStatistics() {
        try (var scope = new PointerScope();
                DeepCamNet net = net(new LocalCommunicator());
                var noGradient = new NoGradGuard()) {
            Images batch = batch(2);
            Tensor before = net.scores(batch.x(), false, OperatorProbe.none()).clone();
            net.loss(batch);
            Tensor after = net.scores(batch.x(), false, OperatorProbe.none()).clone();
            Tensor alone = net.scores(part(batch, 0, 1).x(), false, OperatorProbe.none());
            assertTrue(before.sub(after).abs().max().item_double() > 1e-6);
            // The samples of an evaluation do not see each other.
            assertEquals(0, alone.sub(after.narrow(0, 0, 1)).abs().max().item_double(), 1e-9);
        }
    }

    /** The mean of n squares of normal values has a relative deviation of sqrt(2 / n): n = 9216, so four of them are 6 %. */
    @Test
    void initialWeightsFollowTheReference() {
        var architecture = new Architecture(64, 96, 4, 1);
        try (var scope = new PointerScope();
                var net = new DeepCamNet(architecture, new LocalCommunicator(), ScalarType.Float, 3)) {
            List<ParameterSpec> specs = Declaration.of(architecture).parameters();
            for (int i = 0; i < specs.size(); i++) {
                Initial initial = specs.get(i).initial();
                Tensor tensor = net.parameters().tensors().get(i).detach();
                double square = tensor.square().mean().item_double();
                if (initial.distribution() == Initial.Distribution.NORMAL && tensor.numel() > 9000) {
                    assertEquals(
                            initial.scale() * initial.scale(),
                            square,
                            0.06 * square,
                            specs.get(i).name());
                } else if (initial.distribution() == Initial.Distribution.UNIFORM) {
                    assertTrue(tensor.abs().max().item_double() <= initial.scale());
                }
            }
            assertEquals(
                    Math.sqrt(2.0 / (9 * 16)),
                    Declaration.of(architecture).parameters().get(0).initial().scale(),
                    1e-12);
        }
    }
}
