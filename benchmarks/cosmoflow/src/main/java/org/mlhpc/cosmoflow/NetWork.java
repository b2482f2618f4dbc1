package org.mlhpc.cosmoflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.WorkloadSpec.Layer;
import org.mlhpc.cosmoflow.CosmoFlowNet.Regularisation;
import org.mlhpc.cosmoflow.data.SampleFile;
import org.mlhpc.torch.Accounting;
import org.mlhpc.torch.TorchTrainer;

/** The work of one training step, in the order and under the names in which {@link CosmoFlowNet} runs its operators. */
final class NetWork {
    private static final int CELLS_PER_POOL = 8;

    private final Architecture architecture;
    private final Regularisation regularisation;
    private final Accounting accounting;
    private final TorchTrainer.Options training;
    private final int samples;
    private final List<OperatorWork> operators = new ArrayList<>();

    /** @param samples batch of one rank */
    NetWork(Architecture architecture, Regularisation regularisation, TorchTrainer.Options training, int samples) {
        this.architecture = architecture;
        this.regularisation = regularisation;
        this.training = training;
        this.accounting = new Accounting(training.precision());
        this.samples = samples;
    }

    StepWork step() {
        List<Layer> layers = architecture.layers();
        int convolutions = architecture.convLayers();
        for (int layer = 0; layer < convolutions; layer++) {
            convolution(layer, layers.get(layer));
        }
        long[] widths = architecture.denseWidths();
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            boolean hidden = layer + 2 < widths.length;
            dense(widths[layer], widths[layer + 1], layer == 0, hidden, layers.get(convolutions + layer));
        }
        long penalised = regularisation.optWeightDecay() == 0 ? 0 : widths[0] * widths[1] + widths[1] * widths[2];
        operators.add(accounting.loss(Architecture.LOSS, (long) samples * SampleFile.TARGETS, penalised));
        long parameters = layers.stream().mapToLong(Layer::parameters).sum();
        return new StepWork(
                samples,
                training.precision().name().toLowerCase(Locale.ROOT),
                operators,
                Accounting.gradientCopy(parameters),
                Accounting.momentumSgd(parameters),
                training.allReduces(architecture.parameters()));
    }

    private void convolution(int layer, Layer cost) {
        long cells = samples * cube(architecture.side(layer - 1));
        long pooledCells = cells / CELLS_PER_POOL;
        long filters = architecture.filters(layer);
        operators.add(accounting.product(
                cost.name(),
                volume(filters, architecture.side(layer - 1)),
                new Accounting.Product(
                        cells * architecture.filters(layer - 1),
                        cells * filters,
                        cost.parameters(),
                        samples * cost.forwardMultiplyAdds(),
                        true,
                        layer == 0)));
        List<Long> pooled = volume(filters, architecture.side(layer));
        operators.add(
                accounting.maxPool(cost.name() + Architecture.POOL, pooled, cells * filters, pooledCells * filters));
        operators.add(accounting.activation(
                cost.name() + Architecture.LEAKY_RELU, pooled, pooledCells * filters, true, false));
    }

    private void dense(long in, long out, boolean first, boolean hidden, Layer cost) {
        List<Long> output = List.of((long) samples, out);
        operators.add(accounting.product(
                cost.name(),
                output,
                new Accounting.Product(
                        samples * in,
                        samples * out,
                        cost.parameters(),
                        samples * cost.forwardMultiplyAdds(),
                        first,
                        false)));
        if (hidden) {
            operators.add(accounting.activation(
                    cost.name() + Architecture.LEAKY_RELU, output, samples * out, false, regularisation.dropout() > 0));
        }
    }

    private List<Long> volume(long channels, long side) {
        return List.of((long) samples, channels, side, side, side);
    }

    private static long cube(long side) {
        return side * side * side;
    }
}
