package org.mlhpc.roofline.predict;

/**
 * The work of one training step.
 *
 * @param flopPerNode as executed, by all ranks of a node
 * @param memoryBytesPerNode from shapes, by all ranks of a node
 * @param storageBytesPerNode that storage has to deliver to a node, 0 if the data are in memory
 * @param reducedBytes gradients of one rank, summed over all ranks
 */
public record StepDemand(
        double flopPerNode, double memoryBytesPerNode, double storageBytesPerNode, double reducedBytes) {}
