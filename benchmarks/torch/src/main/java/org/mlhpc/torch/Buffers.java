package org.mlhpc.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.Communicator;

/**
 * Vectors of a model that forward passes change and gradients do not, such as the running statistics of batch
 * normalisation; all in one block of memory. They are saved and exported with the weights.
 *
 * <p>Owns native memory; must not be built inside a PointerScope that ends before {@link #close()}.
 */
public final class Buffers implements AutoCloseable {
    private final List<Spec> specs;
    private final Tensor flat;
    private final List<Tensor> tensors = new ArrayList<>();

    /** One vector, under its name in the reference implementation. */
    public record Spec(String name, long size, double initial) {}

    /**
     * Allocates the vectors with their initial values.
     *
     * @param type float, or double for checking gradients
     */
    public Buffers(List<Spec> specs, ScalarType type) {
        this.specs = List.copyOf(specs);
        long elements = specs.stream().mapToLong(Spec::size).sum();
        try (var options = new TensorOptions(type)) {
            flat = torch.zeros(new long[] {elements}, options);
        }
        long offset = 0;
        for (Spec spec : specs) {
            Tensor tensor = flat.narrow(0, offset, spec.size());
            try (var value = new Scalar(spec.initial())) {
                tensor.fill_(value);
            }
            tensors.add(tensor);
            offset += spec.size();
        }
    }

    /** Of a model that has none. */
    public static Buffers none() {
        return new Buffers(List.of(), ScalarType.Float);
    }

    /** The vectors in declared order, valid until {@link #close()}. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** All values as one vector. */
    Tensor flat() {
        return flat;
    }

    Map<String, Tensor> named() {
        var named = new LinkedHashMap<String, Tensor>();
        for (int i = 0; i < specs.size(); i++) {
            named.put(specs.get(i).name(), tensors.get(i));
        }
        return named;
    }

    /** Replaces the values by their means over {@code ranks}. Collective. */
    void average(Communicator ranks) {
        if (specs.isEmpty() || ranks.size() == 1) {
            return;
        }
        try (FloatPointer values = flat.data_ptr_float();
                var size = new Scalar(ranks.size())) {
            ranks.sum(values.limit(flat.numel()).asBuffer());
            flat.div_(size);
        }
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
        flat.close();
    }
}
