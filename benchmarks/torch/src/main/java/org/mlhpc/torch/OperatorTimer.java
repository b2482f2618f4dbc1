package org.mlhpc.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.mlhpc.api.OperatorTime;

/**
 * Times the operators of one forward and backward pass. Backward goes through operators in the reverse order of forward, also
 * where they branch: of the functions that are ready libtorch runs the one that was recorded last. So backward of an operator
 * lasts from the arrival of its gradient until that of the operator before, and the gradients of its weights and their way
 * into the buckets are part of it.
 */
final class OperatorTimer implements OperatorProbe {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final List<String> names = new ArrayList<>();
    private final List<Long> returned = new ArrayList<>();
    private final List<Hook> hooks = new ArrayList<>();
    private final long begun = System.nanoTime();

    /** Notes when the gradient has arrived; the last time, as a model may differentiate within its forward pass. */
    private static final class Hook extends VoidTensorHook {
        private long arrived = Long.MIN_VALUE;

        @Override
        public void call(TensorBase gradient) {
            arrived = System.nanoTime();
            // It is ours, and all gradients together are as large as all activations.
            gradient.close();
        }
    }

    @Override
    public void after(String name, Tensor output, Tensor last) {
        returned.add(System.nanoTime());
        names.add(name);
        var hook = new Hook();
        last.register_hook(hook);
        hooks.add(hook);
    }

    /**
     * By operator, in the order of forward.
     *
     * @param ended when backward had ended, by {@link System#nanoTime}
     * @throws IllegalStateException if an operator got no gradient, or not in its turn
     */
    List<OperatorTime> times(long ended) {
        var times = new ArrayList<OperatorTime>();
        for (int i = 0; i < names.size(); i++) {
            long start = i == 0 ? begun : returned.get(i - 1);
            long next = i == 0 ? ended : arrival(i - 1);
            times.add(new OperatorTime(names.get(i), seconds(returned.get(i) - start), seconds(next - arrival(i))));
        }
        return times;
    }

    private long arrival(int operator) {
        long arrived = hooks.get(operator).arrived;
        int following = operator + 1;
        long earliest = following < hooks.size() ? hooks.get(following).arrived : returned.get(operator);
        if (arrived < earliest) {
            throw new IllegalStateException("backward did not come to operator " + names.get(operator)
                    + " in its turn, so operators cannot be timed");
        }
        return arrived;
    }

    private static double seconds(long nanos) {
        return nanos * SECONDS_PER_NANOSECOND;
    }
}
