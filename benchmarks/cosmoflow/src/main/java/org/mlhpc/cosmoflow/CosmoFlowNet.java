package org.mlhpc.cosmoflow;

import static org.mlhpc.api.Settings.require;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.cosmoflow.data.Volumes;
import org.mlhpc.torch.OperatorProbe;
import org.mlhpc.torch.Parameters;
import org.mlhpc.torch.TorchModel;

/** The network with its loss and metric. */
final class CosmoFlowNet implements TorchModel<Volumes> {
    private static final double LEAKY_SLOPE = 0.3;
    /** Targets lie in about [-1, 1]; the factor keeps tanh away from saturation there. */
    private static final double OUTPUT_SCALE = 1.2;

    private static final long[] POOL = {2, 2, 2};
    private static final long[] NO_PADDING = {0, 0, 0};
    private static final long[] ONE = {1, 1, 1};

    private final Architecture architecture;
    private final Regularisation regularisation;
    private final Parameters parameters;

    /** Settings of the same names. */
    record Regularisation(double dropout, double optWeightDecay) {
        Regularisation {
            require(dropout >= 0 && dropout < 1, "dropout", dropout, "in [0, 1)");
            require(optWeightDecay >= 0, "opt_weight_decay", optWeightDecay, "at least 0");
        }
    }

    /** @param type float, or double for checking gradients */
    CosmoFlowNet(Architecture architecture, Regularisation regularisation, ScalarType type, long seed) {
        this.architecture = architecture;
        this.regularisation = regularisation;
        this.parameters = new Parameters(architecture.parameters(), type, seed);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    /** Estimates [samples, 4] from volumes [samples, 4, side, side, side]. */
    Tensor forward(Tensor volumes, boolean training, OperatorProbe probe) {
        List<Tensor> weights = parameters.tensors();
        Tensor x = volumes;
        int next = 0;
        for (int layer = 0; layer < architecture.convLayers(); layer++) {
            String name = Architecture.convolution(layer);
            Tensor y = SameConvolution.of(x, weights.get(next++), weights.get(next++));
            probe.after(name, y);
            // The reference pools after LeakyReLU. LeakyReLU increases, so the order does not matter; this one is
            // faster.
            Tensor pooled = torch.max_pool3d(y, POOL, POOL, NO_PADDING, ONE, false);
            probe.after(name + Architecture.POOL, pooled);
            x = leakyRelu(pooled);
            probe.after(name + Architecture.LEAKY_RELU, x);
        }
        // Depth, height, width, channel, as the reference flattens: a view of channels-last memory.
        x = x.permute(0, 2, 3, 4, 1).reshape(volumes.size(0), architecture.flattened());
        for (int layer = 0; layer < 2; layer++) {
            String name = Architecture.dense(layer);
            Tensor y = torch.linear(x, weights.get(next++), new TensorOptional(weights.get(next++)));
            probe.after(name, y);
            x = torch.dropout(leakyRelu(y), regularisation.dropout(), training);
            probe.after(name + Architecture.LEAKY_RELU, x);
        }
        x = torch.linear(x, weights.get(next++), new TensorOptional(weights.get(next)));
        probe.after(Architecture.dense(2), x);
        return torch.tanh(x).mul(new Scalar(OUTPUT_SCALE));
    }

    /** In place: nothing else needs the argument, and its gradient follows from the result. */
    private static Tensor leakyRelu(Tensor x) {
        return torch.leaky_relu_(x, new Scalar(LEAKY_SLOPE));
    }

    @Override
    public Tensor loss(Volumes batch, OperatorProbe probe) {
        Tensor error = torch.mse_loss(forward(batch.x(), true, probe), batch.y());
        Tensor loss = regularisation.optWeightDecay() == 0 ? error : error.add(penalty());
        probe.after(Architecture.LOSS, loss);
        return loss;
    }

    /** opt_weight_decay times the sum of squares of the kernels of the hidden dense layers. */
    private Tensor penalty() {
        int first = 2 * architecture.convLayers();
        Tensor fc1 = parameters.tensors().get(first).square().sum();
        Tensor fc2 = parameters.tensors().get(first + 2).square().sum();
        return fc1.add(fc2).mul(new Scalar(regularisation.optWeightDecay()));
    }

    /** Sum of absolute errors, and number of estimates. */
    @Override
    public double[] validate(Volumes batch) {
        Tensor error =
                forward(batch.x(), false, OperatorProbe.none()).sub(batch.y()).abs();
        return new double[] {
            error.sum(new ScalarTypeOptional(ScalarType.Double)).item_double(), error.numel()
        };
    }

    /** Mean absolute error. */
    @Override
    public double metric(double[] sums) {
        return sums[0] / sums[1];
    }

    @Override
    public void close() {
        parameters.close();
    }
}
