package org.mlhpc.deepcam.model;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.deepcam.data.Images;
import org.mlhpc.torch.Buffers;
import org.mlhpc.torch.OperatorProbe;
import org.mlhpc.torch.Parameters;
import org.mlhpc.torch.TorchModel;

/** The network with its loss and metric. */
public final class DeepCamNet implements TorchModel<Images> {
    /** Name of the operator after the network. */
    static final String LOSS = "loss";

    private static final String TRAIN_ACCURACY = "train_accuracy";
    private static final String EVAL_LOSS = "eval_loss";

    private final DeepLab network;
    private final Parameters parameters;
    private final Buffers buffers;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final BatchNorm training;
    private final BatchNorm evaluating = BatchNorm.evaluating();
    private final PixelLoss loss;

    /** As the other constructor, without measuring time. */
    public DeepCamNet(Architecture architecture, Communicator normalisation, ScalarType type, long seed) {
        this(architecture, normalisation, PhaseClock.none(), type, seed);
    }

    /**
     * Builds the network with its initial weights.
     *
     * @param normalisation the ranks whose batches batch normalisation takes for one
     * @param clock told of the time in which batch normalisation waits for other ranks
     * @param type float, or double for checking gradients
     */
    public DeepCamNet(
            Architecture architecture, Communicator normalisation, PhaseClock clock, ScalarType type, long seed) {
        Declaration declaration = Declaration.of(architecture);
        this.network = new DeepLab(architecture);
        this.parameters = new Parameters(declaration.parameters(), type, seed);
        this.buffers = new Buffers(declaration.buffers(), type);
        this.training = BatchNorm.training(normalisation, clock);
        this.loss = new PixelLoss();
        for (int i = 0; i < declaration.parameters().size(); i++) {
            tensors.put(
                    declaration.parameters().get(i).name(), parameters.tensors().get(i));
        }
        for (int i = 0; i < declaration.buffers().size(); i++) {
            tensors.put(declaration.buffers().get(i).name(), buffers.tensors().get(i));
        }
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Buffers buffers() {
        return buffers;
    }

    /** Scores [samples, 3, height, width] of images [samples, 16, height, width]. */
    Tensor scores(Tensor images, boolean train, OperatorProbe probe) {
        return network.scores(new Execution(tensors, train ? training : evaluating, probe), images);
    }

    @Override
    public Tensor loss(Images batch, OperatorProbe probe) {
        Tensor value = loss.of(scores(batch.x(), true, probe), batch.labels());
        probe.after(LOSS, value);
        return value;
    }

    /** The log shows the metric of this batch, too. */
    @Override
    public Tensor shownLoss(Images batch, ObjDoubleConsumer<String> shown) {
        Tensor scores = scores(batch.x(), true, OperatorProbe.none());
        shown.accept(TRAIN_ACCURACY, IntersectionOverUnion.sum(scores.detach(), batch.labels()) / batch.samples());
        return loss.of(scores, batch.labels());
    }

    /** Sum of the samples' mean intersection over union, number of samples, sum of their losses. */
    @Override
    public double[] validate(Images batch) {
        Tensor scores = scores(batch.x(), false, OperatorProbe.none());
        double losses = batch.samples() * loss.of(scores, batch.labels()).item_double();
        return new double[] {IntersectionOverUnion.sum(scores, batch.labels()), batch.samples(), losses};
    }

    @Override
    public Map<String, Double> shown(double[] sums) {
        return Map.of(EVAL_LOSS, sums[2] / sums[1]);
    }

    /** Mean over samples. */
    @Override
    public double metric(double[] sums) {
        return sums[0] / sums[1];
    }

    @Override
    public void close() {
        parameters.close();
        buffers.close();
        loss.close();
    }
}
