package org.mlhpc.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The trainable tensors of a model, all in one block of memory. The block begins with the last declared tensor, so that
 * gradients, which backward finishes last layer first, fill it from its beginning.
 *
 * <p>Owns native memory; must not be built inside a PointerScope that ends before {@link #close()}.
 */
public final class Parameters implements AutoCloseable {
    private final List<ParameterSpec> specs;
    private final long[] offsets;
    private final Tensor flat;
    private final List<Tensor> tensors;

    /**
     * Allocates the tensors and gives them their initial values, which follow from {@code seed}.
     *
     * @param type float, or double for checking gradients
     */
    public Parameters(List<ParameterSpec> specs, ScalarType type, long seed) {
        this.specs = List.copyOf(specs);
        this.offsets = offsets(specs);
        long elements = specs.stream().mapToLong(ParameterSpec::elements).sum();
        try (var options = new TensorOptions(type)) {
            flat = torch.zeros(new long[] {elements}, options);
        }
        tensors = views(flat);
        initialise(seed);
        tensors.forEach(tensor -> tensor.set_requires_grad(true));
    }

    private static long[] offsets(List<ParameterSpec> specs) {
        long[] offsets = new long[specs.size()];
        long next = 0;
        for (int i = specs.size() - 1; i >= 0; i--) {
            offsets[i] = next;
            next += specs.get(i).elements();
        }
        return offsets;
    }

    /** From a generator of its own: libtorch's default one is shared by everything in this process. */
    private void initialise(long seed) {
        try (var generator = torch.make_generator_cpu(seed);
                var optional = new GeneratorOptional(generator)) {
            for (int i = 0; i < specs.size(); i++) {
                specs.get(i).initial().fill(tensors.get(i), optional);
            }
        }
    }

    /** The tensors of the declared shapes within {@code block}, in declared order; the caller closes them. */
    List<Tensor> views(Tensor block) {
        var views = new ArrayList<Tensor>();
        for (int i = 0; i < specs.size(); i++) {
            ParameterSpec spec = specs.get(i);
            try (var offset = new LongOptional(offsets[i]);
                    Tensor shaped = block.as_strided(
                            ParameterSpec.array(spec.sizes()), ParameterSpec.array(spec.strides()), offset)) {
                views.add(shaped.detach());
            }
        }
        return views;
    }

    /** The tensors in declared order, valid until {@link #close()}. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** All values as one vector, valid until {@link #close()}; a change of it changes the tensors. */
    Tensor flat() {
        return flat;
    }

    List<ParameterSpec> specs() {
        return specs;
    }

    /** Where the values of {@code parameter} begin within the block. */
    long offset(int parameter) {
        return offsets[parameter];
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
        flat.close();
    }
}
