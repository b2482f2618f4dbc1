package org.mlhpc.torch;

import java.util.Map;
import java.util.function.ObjDoubleConsumer;
import org.bytedeco.pytorch.Tensor;
import org.mlhpc.api.Batch;

/** What a workload on libtorch supplies to {@link TorchTrainer}. Called with a PointerScope open. */
public interface TorchModel<B extends Batch> extends AutoCloseable {
    /** The trainable tensors; each must take part in {@link #loss}. */
    Parameters parameters();

    /** What forward passes in training mode change beside; averaged over ranks before each evaluation. */
    default Buffers buffers() {
        return Buffers.none();
    }

    /**
     * Exchanges between ranks what {@link #loss} of this batch depends on; called before each training pass. Apart from it,
     * so that waiting for other ranks does not count as forward.
     */
    default void prepare(B batch) {}

    /** The scalar to minimise, as the mean over the batch, in training mode. */
    default Tensor loss(B batch) {
        return loss(batch, OperatorProbe.none());
    }

    /** As {@link #loss(Batch)}, telling {@code probe} of every operator; the last one's output is the loss. */
    Tensor loss(B batch, OperatorProbe probe);

    /** As {@link #loss(Batch)}, telling {@code shown} what else of the batch the log shows, by log key. */
    default Tensor shownLoss(B batch, ObjDoubleConsumer<String> shown) {
        return loss(batch);
    }

    /** See {@link org.mlhpc.api.Trainer#validate}; gradients are off. */
    double[] validate(B batch);

    /** See {@link org.mlhpc.api.Trainer#metric}. */
    double metric(double[] sums);

    /** See {@link org.mlhpc.api.Trainer#shown}. */
    default Map<String, Double> shown(double[] sums) {
        return Map.of();
    }

    @Override
    void close();
}
