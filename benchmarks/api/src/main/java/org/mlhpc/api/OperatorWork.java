package org.mlhpc.api;

import java.util.List;

/**
 * What one operator of a model does in a training step of one rank, from the shapes of its tensors; ADR 0011 has the
 * conventions.
 *
 * @param name unique within the model, in the terms of {@link WorkloadSpec.Layer}
 * @param output shape of the output for the whole batch, samples first
 * @param skippedFlop part of the FLOP of {@code backward} by the convention that the engine leaves out, because nobody
 *     needs the gradient of the network's input
 */
public record OperatorWork(String name, List<Long> output, Pass forward, Pass backward, double skippedFlop) {
    public OperatorWork {
        output = List.copyOf(output);
    }

    /**
     * One direction.
     *
     * @param flop two per multiply-add of convolutions and matrix products; no other arithmetic counts
     * @param bytesRead every input once
     * @param bytesWritten every output once
     */
    public record Pass(double flop, double bytesRead, double bytesWritten) {
        /** Nothing is done. */
        public static final Pass NONE = new Pass(0, 0, 0);

        /** Bytes read and written. */
        public double bytes() {
            return bytesRead + bytesWritten;
        }

        /** Both. */
        public Pass plus(Pass other) {
            return new Pass(flop + other.flop, bytesRead + other.bytesRead, bytesWritten + other.bytesWritten);
        }
    }

    /** FLOP of forward and backward by the convention that counts the gradient of every input. */
    public double trainFlop() {
        return forward.flop() + backward.flop();
    }

    /** FLOP of backward that are done. */
    public double executedBackwardFlop() {
        return backward.flop() - skippedFlop;
    }
}
