package org.mlhpc.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.mlhpc.api.OperatorTime;

/**
 * Times the operators of one forward and backward pass of a model that is a chain. Backward of an operator lasts from the
 * arrival of the gradient of its output until that of its input, so the gradients of its weights and their way into the
 * buckets are part of it.
 */
final class OperatorTimer implements OperatorProbe {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final List<String> names = new ArrayList<>();
    private final List<Long> returned = new ArrayList<>();
    private final List<Hook> hooks = new ArrayList<>();
    private final long begun = System.nanoTime();

    /** Notes when the gradient of an output has arrived. */
    private static final class Hook extends VoidTensorHook {
        private long arrived;

        @Override
        public void call(TensorBase gradient) {
            arrived = System.nanoTime();
            // It is ours, and all gradients together are as large as all activations.
            gradient.close();
        }
    }

    @Override
    public void after(String name, Tensor output) {
        returned.add(System.nanoTime());
        names.add(name);
        var hook = new Hook();
        output.register_hook(hook);
        hooks.add(hook);
    }

    /** @param ended when backward had ended, by {@link System#nanoTime} */
    List<OperatorTime> times(long ended) {
        var times = new ArrayList<OperatorTime>();
        for (int i = 0; i < names.size(); i++) {
            long start = i == 0 ? begun : returned.get(i - 1);
            long gradient = i == 0 ? ended : hooks.get(i - 1).arrived;
            times.add(new OperatorTime(
                    names.get(i), seconds(returned.get(i) - start), seconds(gradient - hooks.get(i).arrived)));
        }
        return times;
    }

    private static double seconds(long nanos) {
        return nanos * SECONDS_PER_NANOSECOND;
    }
}
