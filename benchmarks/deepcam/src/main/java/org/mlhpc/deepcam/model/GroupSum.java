package org.mlhpc.deepcam.model;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.PhaseClock;

/**
 * Sums of float64 vectors over a group of ranks that know their gradient: if each rank has a loss of its own, the gradient of
 * the sum of all losses by one rank's summand is the sum over the ranks of the gradients by the sum. All ranks must run the
 * same operators in the same order, forward and backward.
 */
final class GroupSum {
    private final Communicator group;
    private final PhaseClock clock;
    /** One for all sums: it holds nothing of its own. */
    private final VoidTensorHook backward;

    /** @param clock told of the time in which this rank waits for others */
    GroupSum(Communicator group, PhaseClock clock) {
        this.group = group;
        this.clock = clock;
        this.backward = new VoidTensorHook() {
            @Override
            public void call(TensorBase gradient) {
                try (gradient;
                        var tensor = new Tensor(gradient)) {
                    sum(tensor);
                }
            }
        };
    }

    /**
     * Over the ranks, to the last bit the same on each.
     *
     * @param summand [n]; what is computed from the sum must give it a gradient of n values in memory, as a product does and the
     *     plain sum of its elements does not
     */
    Tensor of(Tensor summand) {
        Tensor total = ofAll(summand).add(summand.sub(summand.detach()));
        total.register_hook(backward);
        return total;
    }

    private Tensor ofAll(Tensor summand) {
        try (var noGradient = new NoGradGuard()) {
            Tensor all = summand.detach().clone();
            sum(all);
            return all;
        }
    }

    /** In place. */
    private void sum(Tensor vector) {
        if (!vector.is_contiguous()) {
            throw new IllegalStateException(
                    "a vector whose values are not one after another cannot be summed in place");
        }
        double[] values = new double[(int) vector.numel()];
        DoublePointer pointer = vector.data_ptr_double();
        pointer.get(values);
        clock.allReduce(() -> group.sum(values));
        pointer.put(values);
    }
}
