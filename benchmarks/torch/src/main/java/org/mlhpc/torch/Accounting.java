package org.mlhpc.torch;

import java.util.List;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.OperatorWork.Pass;

/**
 * FLOP and compulsory bytes of libtorch's operators from the shapes of their tensors: each operator reads its inputs once
 * and writes its outputs once, what it saves for backward and the casts of mixed precision included. See ADR 0011.
 */
public final class Accounting {
    private static final double FULL = Float.BYTES;
    private static final double FLOP_PER_MULTIPLY_ADD = 2;
    /** Max-pooling saves for each output where its maximum was, as int64. */
    private static final double INDEX = Long.BYTES;

    private final boolean mixed;
    /** Bytes of what convolutions and dense layers read and write. */
    private final double value;

    /** Operators as they run in {@code precision}. */
    public Accounting(Precision precision) {
        this.mixed = precision == Precision.BF16;
        this.value = mixed ? Short.BYTES : FULL;
    }

    /**
     * A convolution or a dense layer; all numbers for the whole batch.
     *
     * @param inputs values that enter
     * @param weights values of kernel and bias
     * @param fullInput whether the input comes in fp32, so that mixed precision casts it
     * @param first whether it reads the network's input, whose gradient nobody needs
     */
    public record Product(
            long inputs, long outputs, long weights, long multiplyAdds, boolean fullInput, boolean first) {}

    /**
     * Forward: the product. Backward: two operators, each with as many multiply-adds as forward, for the gradients of the
     * inputs and of the weights; the first one is skipped where nobody needs it.
     */
    public OperatorWork product(String name, List<Long> output, Product p) {
        double flop = FLOP_PER_MULTIPLY_ADD * p.multiplyAdds();
        double in = value * p.inputs();
        double out = value * p.outputs();
        double weights = value * p.weights();
        Pass forward = new Pass(flop, in + weights, out)
                .plus(cast(p.weights(), FULL, value))
                .plus(p.fullInput() ? cast(p.inputs(), FULL, value) : Pass.NONE);
        Pass ofWeights = new Pass(flop, in + out, weights).plus(cast(p.weights(), value, FULL));
        Pass ofInputs = p.first()
                ? new Pass(flop, 0, 0)
                : new Pass(flop, out + weights, in).plus(p.fullInput() ? cast(p.inputs(), value, FULL) : Pass.NONE);
        return new OperatorWork(name, output, forward, ofWeights.plus(ofInputs), p.first() ? flop : 0);
    }

    private Pass cast(long values, double from, double to) {
        return mixed ? new Pass(0, values * from, values * to) : Pass.NONE;
    }

    /** Max-pooling of a convolution's output with windows that do not overlap; libtorch pools in fp32 whatever the precision. */
    public OperatorWork maxPool(String name, List<Long> output, long inputs, long outputs) {
        Pass forward = cast(inputs, value, FULL).plus(new Pass(0, FULL * inputs, (FULL + INDEX) * outputs));
        Pass backward = new Pass(0, (FULL + INDEX) * outputs, FULL * inputs).plus(cast(inputs, FULL, value));
        return new OperatorWork(name, output, forward, backward, 0);
    }

    /**
     * LeakyReLU in place, whose backward reads result and gradient, and dropout after it, which saves its mask.
     *
     * @param full whether the values are in fp32 whatever the precision
     * @param dropout whether any value is dropped; with none libtorch runs no operator
     */
    public OperatorWork activation(String name, List<Long> output, long values, boolean full, boolean dropout) {
        double bytes = (full ? FULL : value) * values;
        Pass drop = dropout ? new Pass(0, bytes, 2 * bytes) : Pass.NONE;
        Pass dropBackward = dropout ? new Pass(0, 2 * bytes, bytes) : Pass.NONE;
        Pass forward = new Pass(0, bytes, bytes).plus(drop);
        return new OperatorWork(name, output, forward, new Pass(0, 2 * bytes, bytes).plus(dropBackward), 0);
    }

    /**
     * Hyperbolic tangent, scaling, and mean squared error in fp32 against as many targets; a penalty on the squares of
     * weights where there is one, whose gradient is added to the weights' own.
     *
     * @param values estimates of the batch
     * @param penalised weights that the penalty reads
     */
    public OperatorWork loss(String name, long values, long penalised) {
        double bytes = value * values;
        double full = FULL * values;
        Pass forward = new Pass(0, 2 * bytes, 2 * bytes)
                .plus(cast(values, value, FULL))
                .plus(new Pass(0, 2 * full, FULL))
                .plus(new Pass(0, 2 * FULL * penalised, FULL * penalised));
        Pass backward = new Pass(0, 2 * full, full)
                .plus(cast(values, FULL, value))
                .plus(new Pass(0, 3 * bytes, 2 * bytes))
                .plus(new Pass(0, 3 * FULL * penalised, 2 * FULL * penalised));
        return new OperatorWork(name, List.of(), forward, backward, 0);
    }

    /** An operator that writes as many values as it reads and whose backward reads {@code saved} values per gradient. */
    private OperatorWork map(String name, List<Long> output, long values, int inputs, int saved) {
        double bytes = value * values;
        Pass backward = saved < 0 ? Pass.NONE : new Pass(0, (1 + saved) * bytes, bytes);
        return new OperatorWork(name, output, new Pass(0, inputs * bytes, bytes), backward, 0);
    }

    /** Batch normalisation by the statistics of the batch, or a scale and shift of each channel: backward reads the input again. */
    public OperatorWork perChannel(String name, List<Long> output, long values) {
        return map(name, output, values, 1, 1);
    }

    /** ReLU in place; backward reads the result. */
    public OperatorWork relu(String name, List<Long> output, long values) {
        return map(name, output, values, 1, 1);
    }

    /** A sum in place; both gradients are that of the sum, which stays where it is. */
    public OperatorWork sum(String name, List<Long> output, long values) {
        return map(name, output, values, 2, -1);
    }

    /** Several tensors copied into one; their gradients are views of its gradient. */
    public OperatorWork join(String name, List<Long> output, long values) {
        return map(name, output, values, 1, -1);
    }

    /** {@code values} reduced to {@code means}, which backward spreads again. */
    public OperatorWork mean(String name, List<Long> output, long values, long means) {
        return new OperatorWork(
                name,
                output,
                new Pass(0, value * values, value * means),
                new Pass(0, value * means, value * values),
                0);
    }

    /** A view of {@code few} values as {@code values}, whose gradients backward adds up. */
    public OperatorWork spread(String name, List<Long> output, long few, long values) {
        return new OperatorWork(name, output, Pass.NONE, new Pass(0, value * values, value * few), 0);
    }

    /**
     * Logarithms of probabilities, the entry of each pixel's int64 label, and their mean, in fp32.
     *
     * @param classes values per pixel
     */
    public OperatorWork pixelLoss(String name, long pixels, long classes) {
        double one = FULL * pixels;
        double all = classes * one;
        double labels = INDEX * pixels;
        Pass forward = cast(classes * pixels, value, FULL)
                .plus(new Pass(0, all, all))
                .plus(new Pass(0, one + labels, one))
                .plus(new Pass(0, one, FULL));
        Pass backward = new Pass(0, FULL, one)
                .plus(new Pass(0, one + labels, all))
                .plus(new Pass(0, 2 * all, all))
                .plus(cast(classes * pixels, FULL, value));
        return new OperatorWork(name, List.of(), forward, backward, 0);
    }

    /** Copying the gradients of all weights into the buckets of the all-reduce. */
    public static Pass gradientCopy(long parameters) {
        return new Pass(0, FULL * parameters, FULL * parameters);
    }

    /** {@link MomentumSgd}: three operators that write one vector each and read one, two and two. */
    public static Pass momentumSgd(long parameters) {
        return new Pass(0, 5 * FULL * parameters, 3 * FULL * parameters);
    }

    /**
     * {@link Adam}: per vector element, averaging the gradient (reads 2, writes 1), its squares (1, 1 and 2, 1), the root
     * (1, 1), eps (1, 1) and the change (3, 1).
     *
     * @param decays with AdamW's decay, one vector read and written more; Adam's reads two
     */
    public static Pass adam(long parameters, boolean decays, boolean decoupled) {
        double reads = 10 + (decays ? decoupled ? 1 : 2 : 0);
        double writes = 6 + (decays ? 1 : 0);
        return new Pass(0, reads * FULL * parameters, writes * FULL * parameters);
    }

    /**
     * {@link Lamb}: the norm and shortening of the gradient (reads 1 and 1, writes 1), the averages as in {@link #adam} (7,
     * 5), the direction (2, 1; 1, 1), the decay (2, 1), two norms (2) and the change (2, 1).
     */
    public static Pass lamb(long parameters, boolean decays) {
        double reads = 14 + (decays ? 4 : 0);
        double writes = 9 + (decays ? 1 : 0);
        return new Pass(0, reads * FULL * parameters, writes * FULL * parameters);
    }
}
