package org.mlhpc.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Weights and optimizer state in Safetensors files, under the names and in the shapes of the reference. */
final class TrainingState {
    private static final String VELOCITY_SUFFIX = "/velocity";

    private final Parameters parameters;
    private final Tensor velocity;

    TrainingState(Parameters parameters, Tensor velocity) {
        this.parameters = parameters;
        this.velocity = velocity;
    }

    void save(Path file) throws IOException {
        try (var scope = new PointerScope()) {
            Map<String, Tensor> tensors = weights();
            tensors.putAll(velocities());
            Safetensors.write(file, tensors);
        }
    }

    void load(Path file) throws IOException {
        try (var scope = new PointerScope()) {
            Map<String, Tensor> tensors = weights();
            tensors.putAll(velocities());
            restore(file, tensors);
        }
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

    private Map<String, Tensor> weights() {
        return named(parameters.views(parameters.flat()), "");
    }

    private Map<String, Tensor> velocities() {
        return named(parameters.views(velocity), VELOCITY_SUFFIX);
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
