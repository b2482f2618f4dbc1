package org.mlhpc.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Weights, buffers, optimizer state and gradients under accumulation in Safetensors files, under the names and in the shapes
 * of the reference. How far training has come is a tensor of its own, {@link #PROGRESS}.
 */
final class TrainingState {
    private static final String PROGRESS = "training/progress";
    private static final String ACCUMULATED = "accumulated";
    /** A float32 counts exactly up to here, so numbers of updates are cut in two. */
    private static final long DIGIT = 1L << 24;

    private final Parameters parameters;
    private final Buffers buffers;
    private final Optimizer optimizer;
    private final GradientBuckets gradients;
    private final boolean accumulates;

    TrainingState(
            Parameters parameters,
            Buffers buffers,
            Optimizer optimizer,
            GradientBuckets gradients,
            boolean accumulates) {
        this.parameters = parameters;
        this.buffers = buffers;
        this.optimizer = optimizer;
        this.gradients = gradients;
        this.accumulates = accumulates;
    }

    /** @param updates of the weights so far */
    void save(Path file, long updates) throws IOException {
        try (var scope = new PointerScope()) {
            Map<String, Tensor> tensors = everything();
            tensors.put(PROGRESS, progress(updates));
            Safetensors.write(file, tensors);
        }
    }

    /** Returns the number of updates. */
    long load(Path file) throws IOException {
        try (var scope = new PointerScope()) {
            Map<String, Tensor> tensors = everything();
            Tensor progress = progress(0);
            tensors.put(PROGRESS, progress);
            restore(file, tensors);
            FloatPointer digits = progress.data_ptr_float();
            gradients.resumeAfter((int) digits.get(2));
            return Math.round((double) digits.get(0)) * DIGIT + Math.round((double) digits.get(1));
        }
    }

    private Tensor progress(long updates) {
        Tensor progress = torch.zeros(3);
        FloatPointer digits = progress.data_ptr_float();
        long high = updates / DIGIT;
        digits.put(0, (float) high);
        digits.put(1, (float) (updates - high * DIGIT));
        digits.put(2, gradients.passes());
        return progress;
    }

    void exportWeights(Path file) throws IOException {
        try (var scope = new PointerScope()) {
            Safetensors.write(file, weights());
        }
    }

    void importWeights(Path file) throws IOException {
        try (var scope = new PointerScope()) {
            restore(file, weights());
        }
    }

    /** Reads everything before it changes anything: a damaged file leaves the model as it was. */
    private static void restore(Path file, Map<String, Tensor> targets) throws IOException {
        Map<String, Tensor> read = Safetensors.read(file, shapes(targets));
        try (var noGradient = new NoGradGuard()) {
            targets.forEach((name, target) -> target.copy_(read.get(name)));
        }
    }

    private static Map<String, long[]> shapes(Map<String, Tensor> tensors) {
        var shapes = new LinkedHashMap<String, long[]>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    private Map<String, Tensor> everything() {
        Map<String, Tensor> tensors = weights();
        optimizer.state().forEach((name, vector) -> tensors.putAll(named(parameters.views(vector), "/" + name)));
        if (accumulates) {
            tensors.putAll(named(parameters.views(gradients.average()), "/" + ACCUMULATED));
        }
        return tensors;
    }

    private Map<String, Tensor> weights() {
        Map<String, Tensor> weights = named(parameters.views(parameters.flat()), "");
        weights.putAll(buffers.named());
        return weights;
    }

    /** The tensors turned to the reference's order of axes; views of the same memory. */
    private Map<String, Tensor> named(List<Tensor> tensors, String suffix) {
        var named = new LinkedHashMap<String, Tensor>();
        for (int i = 0; i < tensors.size(); i++) {
            ParameterSpec spec = parameters.specs().get(i);
            named.put(spec.name() + suffix, tensors.get(i).permute(ParameterSpec.array(spec.referenceAxes())));
        }
        return named;
    }
}
