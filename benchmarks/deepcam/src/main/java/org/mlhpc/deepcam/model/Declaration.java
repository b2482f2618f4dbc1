package org.mlhpc.deepcam.model;

import java.util.ArrayList;
import java.util.List;
import org.mlhpc.api.WorkloadSpec.Layer;
import org.mlhpc.torch.Buffers;
import org.mlhpc.torch.Initial;
import org.mlhpc.torch.ParameterSpec;

/** What a network consists of: its tensors under the names of the reference, and its layers with their cost. */
final class Declaration implements Operators<Shape> {
    private final List<ParameterSpec> parameters = new ArrayList<>();
    private final List<Buffers.Spec> buffers = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();

    private Declaration() {}

    static Declaration of(Architecture architecture) {
        var declaration = new Declaration();
        new DeepLab(architecture).scores(declaration, architecture.image());
        return declaration;
    }

    List<ParameterSpec> parameters() {
        return parameters;
    }

    List<Buffers.Spec> buffers() {
        return buffers;
    }

    /** Those with weights, in forward order. */
    List<Layer> layers() {
        return layers;
    }

    @Override
    public Shape convolution(String name, Shape x, Convolution convolution) {
        List<Long> kernel = convolution.kernelShape();
        parameters.add(ParameterSpec.convolution2d(
                name + ".weight", kernel.get(0), kernel.get(1), kernel.get(2), convolution.initial()));
        if (convolution.bias()) {
            parameters.add(vector(name + ".bias", convolution.out(), convolution.initial()));
        }
        Shape output = convolution.outputOf(x);
        layers.add(new Layer(name, output.list(), convolution.weights(), convolution.multiplyAdds(x)));
        return output;
    }

    private static ParameterSpec vector(String name, long size, Initial initial) {
        return ParameterSpec.contiguous(name, List.of(size), initial);
    }

    @Override
    public Shape batchNorm(String name, Shape x) {
        parameters.add(vector(name + ".weight", x.channels(), Initial.constant(1)));
        parameters.add(vector(name + ".bias", x.channels(), Initial.constant(0)));
        buffers.add(new Buffers.Spec(name + ".running_mean", x.channels(), 0));
        buffers.add(new Buffers.Spec(name + ".running_var", x.channels(), 1));
        layers.add(new Layer(name, x.list(), 2L * x.channels(), 0));
        return x;
    }

    @Override
    public Shape relu(String name, Shape x) {
        return x;
    }

    @Override
    public Shape add(String name, Shape x, Shape y) {
        return x;
    }

    @Override
    public Shape concat(String name, List<Shape> parts) {
        int channels = parts.stream().mapToInt(Shape::channels).sum();
        return new Shape(channels, parts.get(0).height(), parts.get(0).width());
    }

    @Override
    public Shape globalMean(String name, Shape x) {
        return new Shape(x.channels(), 1, 1);
    }

    @Override
    public Shape affine(String name, Shape x) {
        List<Long> sizes = List.of((long) x.channels(), 1L, 1L);
        parameters.add(ParameterSpec.contiguous(name + ".weights", sizes, Initial.constant(1)));
        parameters.add(ParameterSpec.contiguous(name + ".bias", sizes, Initial.constant(0)));
        layers.add(new Layer(name, x.list(), 2L * x.channels(), 0));
        return x;
    }

    @Override
    public Shape tile(String name, Shape x, Shape like) {
        return new Shape(x.channels(), like.height(), like.width());
    }
}
