package org.mlhpc.api;

import java.util.List;
import java.util.function.Function;
import org.mlhpc.api.OperatorWork.Pass;

/**
 * The work of one training step of one rank, from shapes.
 *
 * @param samples samples of this rank's batch
 * @param precision precision of convolutions and matrix products
 * @param operators in forward order, loss included
 * @param gradients collecting the gradients for the all-reduce, part of backward
 * @param optimizer the update of the weights
 * @param allReduces with several ranks; empty if not told
 */
public record StepWork(
        int samples,
        String precision,
        List<OperatorWork> operators,
        Pass gradients,
        Pass optimizer,
        List<AllReduce> allReduces) {
    public StepWork {
        operators = List.copyOf(operators);
        allReduces = List.copyOf(allReduces);
    }

    /** A step that does not tell its all-reduces. */
    public StepWork(int samples, String precision, List<OperatorWork> operators, Pass gradients, Pass optimizer) {
        this(samples, precision, operators, gradients, optimizer, List.of());
    }

    /** Of all operators. */
    public Pass forward() {
        return sum(OperatorWork::forward);
    }

    /** What is done in backward: of all operators and {@link #gradients}. */
    public Pass backward() {
        double skipped =
                operators.stream().mapToDouble(OperatorWork::skippedFlop).sum();
        return sum(OperatorWork::backward).plus(gradients).plus(new Pass(-skipped, 0, 0));
    }

    private Pass sum(Function<OperatorWork, Pass> direction) {
        return operators.stream().map(direction).reduce(Pass.NONE, Pass::plus);
    }

    /** Bytes that this rank hands to all-reduces, on average over steps. */
    public double reducedBytes() {
        return allReduces.stream().mapToDouble(AllReduce::bytesPerStep).sum();
    }

    /** FLOP of the step by the convention that counts the gradient of every input. */
    public double trainFlop() {
        return operators.stream().mapToDouble(OperatorWork::trainFlop).sum();
    }
}
