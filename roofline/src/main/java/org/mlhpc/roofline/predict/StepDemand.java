package org.mlhpc.roofline.predict;

import java.util.List;
import java.util.Optional;
import org.mlhpc.api.AllReduce;

/**
 * The work of one training step, or of evaluating one batch.
 *
 * @param flopPerNode as executed, by all ranks of a node
 * @param memoryBytesPerNode from shapes, by all ranks of a node
 * @param storageBytesPerNode that storage has to deliver to a node, 0 if the data are in memory
 * @param allReduces over the ranks
 * @param loading empty if it is not known
 */
public record StepDemand(
        double flopPerNode,
        double memoryBytesPerNode,
        double storageBytesPerNode,
        List<AllReduce> allReduces,
        Optional<Loading> loading) {
    /**
     * Reading and decoding of samples on a node.
     *
     * @param threadSeconds of its loader threads together
     * @param threads of all ranks of a node
     */
    public record Loading(double threadSeconds, int threads) {}

    public StepDemand {
        allReduces = List.copyOf(allReduces);
    }

    /** Work on arithmetic and memory alone. */
    public static StepDemand computing(double flopPerNode, double memoryBytesPerNode) {
        return new StepDemand(flopPerNode, memoryBytesPerNode, 0, List.of(), Optional.empty());
    }

    /** The same with {@code bytes} from storage and this loading. */
    public StepDemand reading(double bytes, Optional<Loading> how) {
        return new StepDemand(flopPerNode, memoryBytesPerNode, bytes, allReduces, how);
    }

    /** For the share {@code share} of the samples; what is reduced does not depend on them. */
    StepDemand times(double share) {
        return new StepDemand(
                flopPerNode * share,
                memoryBytesPerNode * share,
                storageBytesPerNode * share,
                allReduces,
                loading.map(known -> new Loading(known.threadSeconds * share, known.threads)));
    }
}
