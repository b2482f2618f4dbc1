package org.mlhpc.deepcam.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.OperatorWork.Pass;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.WorkloadSpec.Layer;
import org.mlhpc.torch.Accounting;
import org.mlhpc.torch.Precision;
import org.mlhpc.torch.TorchTrainer;

/**
 * What the network costs, in the order and under the names in which {@link DeepCamNet} runs its operators. Where a tensor has
 * several readers, the sums of their gradients are not counted.
 */
public final class Costs implements Operators<Shape> {
    /** Forward and backward of a batch normalisation over several ranks sum once each. */
    private static final int SUMS_PER_NORMALISATION = 2;

    private final Accounting accounting;
    private final int samples;
    private final int normalisationRanks;
    private final List<OperatorWork> operators = new ArrayList<>();
    private final List<AllReduce> groupSums = new ArrayList<>();

    /**
     * How a rank trains.
     *
     * @param samples batch of the rank
     * @param normalisationRanks whose batches batch normalisation takes for one
     * @param stepsPerUpdate steps whose gradients are averaged for one update
     */
    public record Step(int samples, int normalisationRanks, int stepsPerUpdate) {}

    private Costs(Precision precision, Step step) {
        this.accounting = new Accounting(precision);
        this.samples = step.samples();
        this.normalisationRanks = step.normalisationRanks();
    }

    /** The layers with weights and their cost for one sample. */
    public static List<Layer> layers(Architecture architecture) {
        return Declaration.of(architecture).layers();
    }

    /**
     * The work of one step of one rank, on average over steps.
     *
     * @param update of the weights
     */
    public static StepWork step(Architecture architecture, TorchTrainer.Options training, Step step, Pass update) {
        Precision precision = training.precision();
        var costs = new Costs(precision, step);
        Shape scores = new DeepLab(architecture).scores(costs, architecture.image());
        long pixels = (long) step.samples() * scores.height() * scores.width();
        costs.operators.add(costs.accounting.pixelLoss(DeepCamNet.LOSS, pixels, scores.channels()));
        long parameters =
                layers(architecture).stream().mapToLong(Layer::parameters).sum();
        double share = 1.0 / step.stepsPerUpdate();
        var allReduces = new ArrayList<>(costs.groupSums);
        allReduces.addAll(training.allReduces(Declaration.of(architecture).parameters(), step.stepsPerUpdate()));
        return new StepWork(
                step.samples(),
                precision.name().toLowerCase(Locale.ROOT),
                costs.operators,
                Accounting.gradientCopy(parameters),
                new Pass(0, share * update.bytesRead(), share * update.bytesWritten()),
                allReduces);
    }

    private List<Long> batch(Shape shape) {
        return List.of((long) samples, (long) shape.channels(), (long) shape.height(), (long) shape.width());
    }

    private long values(Shape shape) {
        return samples * shape.values();
    }

    private Shape did(OperatorWork work, Shape output) {
        operators.add(work);
        return output;
    }

    @Override
    public Shape convolution(String name, Shape x, Convolution convolution) {
        Shape output = convolution.outputOf(x);
        boolean first = operators.isEmpty();
        var product = new Accounting.Product(
                values(x), values(output), convolution.weights(), samples * convolution.multiplyAdds(x), first, first);
        return did(accounting.product(name, batch(output), product), output);
    }

    @Override
    public Shape batchNorm(String name, Shape x) {
        if (normalisationRanks > 1) {
            long bytes = SynchronisedBatchNorm.bytesPerSum(x.channels());
            groupSums.add(new AllReduce(bytes, SUMS_PER_NORMALISATION, normalisationRanks));
        }
        return did(accounting.perChannel(name, batch(x), values(x)), x);
    }

    @Override
    public Shape relu(String name, Shape x) {
        return did(accounting.relu(name, batch(x), values(x)), x);
    }

    @Override
    public Shape add(String name, Shape x, Shape y) {
        return did(accounting.sum(name, batch(x), values(x)), x);
    }

    @Override
    public Shape concat(String name, List<Shape> parts) {
        int channels = parts.stream().mapToInt(Shape::channels).sum();
        var output = new Shape(channels, parts.get(0).height(), parts.get(0).width());
        return did(accounting.join(name, batch(output), values(output)), output);
    }

    @Override
    public Shape globalMean(String name, Shape x) {
        var output = new Shape(x.channels(), 1, 1);
        return did(accounting.mean(name, batch(output), values(x), values(output)), output);
    }

    @Override
    public Shape affine(String name, Shape x) {
        return did(accounting.perChannel(name, batch(x), values(x)), x);
    }

    @Override
    public Shape tile(String name, Shape x, Shape like) {
        var output = new Shape(x.channels(), like.height(), like.width());
        return did(accounting.spread(name, batch(output), values(x), values(output)), output);
    }
}
