package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RankThreads;
import org.mlhpc.deepcam.data.Images;
import org.mlhpc.torch.OperatorProbe;
import org.mlhpc.torch.Precision;

/** What training computes in float32 and in bfloat16, beside float64. */
class MixedPrecisionTest {
    /** Largest relative error of one rounding to bfloat16, which has 8 significant bits, and to float32, which has 24. */
    private static final double BFLOAT16 = Math.pow(2, -8);

    private static final double FLOAT32 = Math.pow(2, -24);

    /** Bounds the errors of a few sums and products of numbers near 1 in float32. */
    private static final double SEVERAL_FLOAT32 = 100 * FLOAT32;

    private static final Architecture SMALL = new Architecture(64, 96, 16, 1);

    /** Normal values that bfloat16 represents. */
    private static Tensor rounded(long... sizes) {
        return torch.randn(sizes).to(ScalarType.BFloat16);
    }

    /** Each value within one rounding to bfloat16 of the exact one: whatever came before was computed more exactly. */
    private static void assertRoundedOnce(Tensor exact, Tensor found, String what) {
        assertEquals(ScalarType.BFloat16, found.scalar_type().intern(), what);
        Tensor error = found.to(ScalarType.Double).sub(exact).abs();
        Tensor allowed = exact.abs().mul(new Scalar(BFLOAT16)).add(new Scalar(SEVERAL_FLOAT32));
        assertTrue(
                error.le(allowed).all().item_bool(),
                what + " is off by up to " + error.div(allowed).max().item_double() + " of what it may be");
    }

    @Test
    void theLossOfPixelsIsComputedInSinglePrecision() {
        try (var scope = new PointerScope();
                var loss = new PixelLoss()) {
            torch.manual_seed(1);
            Tensor scores = rounded(2, 3, 16, 24).mul(new Scalar(4)).set_requires_grad(true);
            Tensor exactScores = scores.detach().to(ScalarType.Double).set_requires_grad(true);
            Tensor labels = torch.rand(2, 16, 24).mul(new Scalar(3)).to(ScalarType.Long);

            Tensor found = loss.of(scores, labels);
            Tensor exact = loss.of(exactScores, labels);
            found.backward();
            exact.backward();

            assertEquals(exact.item_double(), found.item_double(), SEVERAL_FLOAT32 * exact.item_double());
            // Enlarged so that the absolute part of the bound is small beside them; a power of two rounds nothing.
            Scalar enlarged = new Scalar(512);
            assertRoundedOnce(exactScores.grad().mul(enlarged), scores.grad().mul(enlarged), "gradient");
        }
    }

    @Test
    void aScaleAndShiftOfChannelsIsRoundedOnce() {
        try (var scope = new PointerScope()) {
            torch.manual_seed(2);
            Tensor x = rounded(2, 8, 1, 1);
            Map<String, Tensor> tensors = Map.of("a.weights", torch.randn(8, 1, 1), "a.bias", torch.randn(8, 1, 1));
            var execution = new Execution(tensors, BatchNorm.evaluating(), OperatorProbe.none());

            Tensor found = Precision.BF16.run(() -> execution.affine("a", x));

            Tensor exact = x.to(ScalarType.Double)
                    .mul(tensors.get("a.weights").to(ScalarType.Double))
                    .add(tensors.get("a.bias").to(ScalarType.Double));
            assertRoundedOnce(exact, found, "affine");
        }
    }

    /** Values and gradient of a rank's part, in plain Java so that they outlive the rank. */
    private record Normalised(Tensor y, Tensor gradient) {}

    /** Over two ranks, beside libtorch's own normalisation of both parts in float64. */
    @Test
    void joinedNormalisationIsRoundedOnce() throws Exception {
        torch.manual_seed(3);
        Tensor x = rounded(4, 6, 5, 7);
        Tensor upstream = rounded(4, 6, 5, 7);
        Tensor weight = torch.rand(6).add(new Scalar(0.5));
        Tensor bias = torch.randn(6);
        Tensor exactX = x.to(ScalarType.Double).set_requires_grad(true);
        Tensor exact = torch.batch_norm(
                exactX,
                new TensorOptional(weight.to(ScalarType.Double)),
                new TensorOptional(bias.to(ScalarType.Double)),
                new TensorOptional(),
                new TensorOptional(),
                true,
                BatchNorm.MOMENTUM,
                BatchNorm.EPS,
                false);
        exact.mul(upstream.to(ScalarType.Double)).sum().backward();

        List<Normalised> parts = RankThreads.run(2, group -> {
            Tensor own = x.narrow(0, 2L * group.rank(), 2).clone().set_requires_grad(true);
            Tensor y = new SynchronisedBatchNorm(group, PhaseClock.none())
                    .apply(own, weight, bias, torch.zeros(6), torch.ones(6));
            y.backward(
                    upstream.narrow(0, 2L * group.rank(), 2), new BoolOptional(), false, new TensorArrayRefOptional());
            return new Normalised(y.detach(), own.grad());
        });

        for (int rank = 0; rank < 2; rank++) {
            assertRoundedOnce(
                    exact.detach().narrow(0, 2L * rank, 2), parts.get(rank).y(), "values");
            assertRoundedOnce(
                    exactX.grad().narrow(0, 2L * rank, 2), parts.get(rank).gradient(), "gradient");
        }
    }

    /** Loss and gradients of all parameters in float64, in plain Java so that they outlive the rank. */
    private record Result(double loss, List<double[]> gradients) {}

    /** One at a time, since ranks are threads that share libtorch's generator. */
    private static synchronized Images batch(int from, int samples, ScalarType type) {
        torch.manual_seed(7);
        Tensor x = torch.rand(4, 16, SMALL.imageHeight(), SMALL.imageWidth());
        Tensor labels = torch.rand(4, SMALL.imageHeight(), SMALL.imageWidth())
                .mul(new Scalar(3))
                .to(ScalarType.Long);
        Tensor own = x.narrow(0, from, samples).to(type);
        return new Images(
                type == ScalarType.Double ? own : own.contiguous(MemoryFormat.ChannelsLast),
                labels.narrow(0, from, samples).contiguous(),
                samples);
    }

    private static DeepCamNet net(Communicator group, ScalarType type) {
        var net = new DeepCamNet(SMALL, group, type, 3);
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard();
                var single = new DeepCamNet(SMALL, new LocalCommunicator(), ScalarType.Float, 3)) {
            for (int i = 0; i < net.parameters().tensors().size(); i++) {
                net.parameters()
                        .tensors()
                        .get(i)
                        .copy_(single.parameters().tensors().get(i));
            }
        }
        return net;
    }

    /** All ranks' samples together are the same four. */
    private static Result train(Communicator group, ScalarType type, Precision precision) {
        try (var scope = new PointerScope();
                DeepCamNet net = net(group, type)) {
            int samples = 4 / group.size();
            Images batch = batch(samples * group.rank(), samples, type);
            Tensor loss = precision.run(() -> net.loss(batch));
            loss.backward();
            var gradients = new ArrayList<double[]>();
            for (Tensor parameter : net.parameters().tensors()) {
                Tensor gradient = parameter.grad().to(ScalarType.Double).contiguous();
                double[] values = new double[(int) gradient.numel()];
                gradient.data_ptr_double().get(values);
                gradients.add(values);
            }
            return new Result(loss.item_double(), gradients);
        }
    }

    private static Result mean(List<Result> ranks) {
        var gradients = new ArrayList<double[]>();
        for (int i = 0; i < ranks.get(0).gradients().size(); i++) {
            double[] mean = new double[ranks.get(0).gradients().get(i).length];
            for (Result rank : ranks) {
                for (int k = 0; k < mean.length; k++) {
                    mean[k] += rank.gradients().get(i)[k] / ranks.size();
                }
            }
            gradients.add(mean);
        }
        return new Result(ranks.stream().mapToDouble(Result::loss).average().orElseThrow(), gradients);
    }

    private static double length(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    /**
     * Each of some 90 layers rounds once, independently of the others, so that signals, which batch normalisation keeps near 1,
     * are off by d = sqrt(90) roundings, and so is the loss at most. A share of 0.4 d of the signals lies so close to 0 (0.4 is the normal
     * density there) that the ReLU takes them for the other side and their part of the gradient comes or goes: sqrt(0.4 d) of its length in each of
     * 60 ReLUs. In float32 that bounds each tensor's gradient by 0.4 %. In bfloat16 it is most of the gradient's length, of all tensors
     * together, so that only a wrong sign or factor shows; the tests above are the sharp ones there.
     */
    @ParameterizedTest
    @CsvSource({"FP32, 1", "FP32, 2", "BF16, 1", "BF16, 2"})
    void lossAndGradientsAreThoseOfDoublePrecision(Precision precision, int ranks) throws Exception {
        double signals = Math.sqrt(90) * (precision == Precision.FP32 ? FLOAT32 : BFLOAT16);
        double slopes = Math.sqrt(60 * 0.4 * signals);

        Result exact = train(new LocalCommunicator(), ScalarType.Double, Precision.FP32);
        Result found = mean(RankThreads.run(ranks, group -> train(group, ScalarType.Float, precision)));

        assertEquals(exact.loss(), found.loss(), signals * exact.loss());
        double all = 0;
        double allError = 0;
        for (int i = 0; i < exact.gradients().size(); i++) {
            double length = length(exact.gradients().get(i));
            double error = distance(exact.gradients().get(i), found.gradients().get(i));
            if (precision == Precision.FP32) {
                assertEquals(0, error / length, slopes, "gradient " + i);
            }
            all = Math.hypot(all, length);
            allError = Math.hypot(allError, error);
        }
        assertEquals(0, allError / all, slopes, "all gradients");
    }

    private static double distance(double[] one, double[] other) {
        double[] difference = new double[one.length];
        Arrays.setAll(difference, i -> one[i] - other[i]);
        return length(difference);
    }
}
