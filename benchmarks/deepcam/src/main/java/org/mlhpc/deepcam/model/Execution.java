package org.mlhpc.deepcam.model;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.torch.OperatorProbe;

/** One forward pass on libtorch; tensors are [samples, channels, height, width] in channels-last memory. */
final class Execution implements Operators<Tensor> {
    private static final long[] NONE = {0, 0};

    private final Map<String, Tensor> tensors;
    private final BatchNorm batchNorm;
    private final OperatorProbe probe;

    /**
     * Prepares a pass.
     *
     * @param tensors parameters and buffers by name
     */
    Execution(Map<String, Tensor> tensors, BatchNorm batchNorm, OperatorProbe probe) {
        this.tensors = tensors;
        this.batchNorm = batchNorm;
        this.probe = probe;
    }

    private Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("the network has no tensor " + name);
        }
        return tensor;
    }

    private Tensor told(String name, Tensor output) {
        probe.after(name, output);
        return output;
    }

    @Override
    public Tensor convolution(String name, Tensor x, Convolution c) {
        if (c.kernel() == 1 && c.stride() > 1) {
            return convolution(name, everyOther(x, c.stride()), c.withStride(1));
        }
        Tensor weight = tensor(name + ".weight");
        if (TapGradient.suits(c, x, weight)) {
            Tensor y = told(name, convolved(name, x, weight.detach(), c));
            TapGradient.attach(c, x, weight, y);
            return y;
        }
        if (InterleavedImages.suit(c, x)) {
            Tensor parts = convolved(name, InterleavedImages.split(x, c.dilation()), weight, c.withDilation(1));
            return told(name, InterleavedImages.join(parts, c.dilation()));
        }
        return told(name, convolved(name, x, weight, c));
    }

    private Tensor convolved(String name, Tensor x, Tensor weight, Convolution c) {
        var bias = c.bias() ? new TensorOptional(tensor(name + ".bias")) : new TensorOptional();
        long[] stride = both(c.stride());
        long[] padding = both(c.padding());
        long[] dilation = both(c.dilation());
        return c.transposed()
                ? torch.conv_transpose2d(x, weight, bias, stride, padding, both(c.stride() - 1), c.groups(), dilation)
                : torch.conv2d(x, weight, bias, stride, padding, dilation, c.groups());
    }

    /**
     * What a kernel of side 1 reads. oneDNN 3.7.1's own way for strides crashes in backward with less than 16 channels in
     * channels-last memory (docs/log.md).
     */
    private static Tensor everyOther(Tensor x, long stride) {
        var begin = new LongOptional(0);
        var end = new LongOptional(Long.MAX_VALUE);
        return x.slice(2, begin, end, stride).slice(3, begin, end, stride).contiguous(MemoryFormat.ChannelsLast);
    }

    private static long[] both(long value) {
        return value == 0 ? NONE : new long[] {value, value};
    }

    @Override
    public Tensor batchNorm(String name, Tensor x) {
        return told(
                name,
                batchNorm.apply(
                        x,
                        tensor(name + ".weight"),
                        tensor(name + ".bias"),
                        tensor(name + ".running_mean"),
                        tensor(name + ".running_var")));
    }

    @Override
    public Tensor relu(String name, Tensor x) {
        return told(name, torch.relu_(x));
    }

    @Override
    public Tensor add(String name, Tensor x, Tensor y) {
        return told(name, x.add_(y));
    }

    @Override
    public Tensor concat(String name, List<Tensor> parts) {
        return told(name, torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 1));
    }

    @Override
    public Tensor globalMean(String name, Tensor x) {
        return told(name, torch.adaptive_avg_pool2d(x, 1, 1));
    }

    /** In the type of {@code x}: parameters in fp32 would make the rest fp32. */
    @Override
    public Tensor affine(String name, Tensor x) {
        ScalarType type = x.scalar_type();
        return told(
                name,
                x.mul(tensor(name + ".weights")).add(tensor(name + ".bias")).to(type));
    }

    @Override
    public Tensor tile(String name, Tensor x, Tensor like) {
        return told(name, x.expand(-1, -1, like.size(2), like.size(3)));
    }
}
