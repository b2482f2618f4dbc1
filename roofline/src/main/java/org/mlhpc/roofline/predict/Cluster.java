package org.mlhpc.roofline.predict;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Resource;

/**
 * Equal nodes with a network between them and a file system that they share. Rates in bytes or FLOP per second.
 *
 * @param name where the numbers come from
 * @param compute FLOP/s of a node in the precision of the runs
 * @param memory main memory of a node
 * @param storage what a node can read from where its data are
 * @param storageWrite what a node can write there
 * @param shared what all nodes together can read from the shared file system
 * @param network that a rank moves in an all-reduce of large vectors, counted on the bus; absent if it was not measured
 * @param memoryBytes capacity of a node
 * @param localBytes capacity of a node's own storage; absent if it has none
 */
public record Cluster(
        String name,
        RateByThreads compute,
        RateByThreads memory,
        double storage,
        double storageWrite,
        double shared,
        Optional<Network> network,
        double memoryBytes,
        Optional<Double> localBytes) {

    /** @param latency seconds of the smallest message, one way */
    public record Network(double latency, double bytesPerSecond) {
        /**
         * Seconds of an all-reduce of {@code bytes} by recursive halving and doubling: 2 log2(n) messages, and 2 (n - 1) / n of
         * the vector over each rank's link (Thakur, Rabenseifner and Gropp, "Optimization of Collective Communication
         * Operations in MPICH", 2005, section 4.5; the reduction's arithmetic is part of the measured rate).
         */
        public double allReduce(double bytes, int ranks) {
            int rounds = Integer.SIZE - Integer.numberOfLeadingZeros(ranks - 1);
            return 2 * rounds * latency + 2.0 * (ranks - 1) / ranks * bytes / bytesPerSecond;
        }
    }

    /**
     * Seconds that each resource needs for {@code demand} at its ceiling.
     *
     * @throws IllegalArgumentException if several ranks must communicate and the network was not measured
     */
    public Map<Resource, Double> ideal(StepDemand demand, Layout layout) {
        var seconds = new EnumMap<Resource, Double>(Resource.class);
        int threads = layout.threadsPerNode();
        seconds.put(Resource.COMPUTE, demand.flopPerNode() / compute.at(threads));
        if (demand.memoryBytesPerNode() > 0) {
            seconds.put(Resource.MEMORY, demand.memoryBytesPerNode() / memory.at(threads));
        }
        if (demand.storageBytesPerNode() > 0) {
            seconds.put(Resource.STORAGE, demand.storageBytesPerNode() / storage);
        }
        if (layout.ranks() > 1 && demand.reducedBytes() > 0) {
            Network known = network.orElseThrow(() -> new IllegalArgumentException(name
                    + " says nothing about the network: measure it with ./mlhpc roofline measure --ranks 2, or more"));
            seconds.put(Resource.NETWORK, known.allReduce(demand.reducedBytes(), layout.ranks()));
        }
        return seconds;
    }

    /** The same cluster reading its data at another rate. */
    public Cluster reading(double bytesPerSecond) {
        return new Cluster(
                name, compute, memory, bytesPerSecond, storageWrite, shared, network, memoryBytes, localBytes);
    }
}
