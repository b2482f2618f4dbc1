package org.mlhpc.roofline.predict;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Resource;

/**
 * Equal nodes with a network between them and a file system that they share. Rates in bytes or FLOP per second.
 *
 * @param name where the numbers come from
 * @param processors logical ones of a node
 * @param cores that these belong to
 * @param compute FLOP/s of a node in the precision of the runs
 * @param memory main memory of a node
 * @param storage what a node can read from where its data are
 * @param storageWrite what a node can write there
 * @param shared what all nodes together can read from the shared file system; as much as one, if empty
 * @param network absent if it was not measured
 * @param memoryBytes capacity of a node; absent if unknown
 * @param local absent if nodes have no storage of their own
 */
public record Cluster(
        String name,
        int processors,
        int cores,
        RateByThreads compute,
        RateByThreads memory,
        double storage,
        double storageWrite,
        Optional<Double> shared,
        Optional<Network> network,
        Optional<Double> memoryBytes,
        Optional<LocalStorage> local) {
    /**
     * Of the time that loader threads take from cores that compute, the share that arithmetic at its ceiling has less: compute
     * threads wait for each other and for memory too, and do not need their cores all the time. Measured (docs/log.md).
     */
    public static final double LOST_TO_LOADER = 0.55;

    /**
     * Seconds that each resource needs for {@code demand} at its ceiling.
     *
     * @throws IllegalArgumentException if several ranks must communicate and the network was not measured
     */
    public Map<Resource, Double> ideal(StepDemand demand, Layout layout) {
        var seconds = new EnumMap<Resource, Double>(Resource.class);
        int threads = layout.threadsPerNode();
        double arithmetic = demand.flopPerNode() / compute.at(threads);
        putPositive(seconds, Resource.MEMORY, demand.memoryBytesPerNode() / memory.at(threads));
        putPositive(seconds, Resource.STORAGE, demand.storageBytesPerNode() / storage);
        if (layout.ranks() > 1 && !demand.allReduces().isEmpty()) {
            seconds.put(Resource.NETWORK, allReduces(demand, layout.ranks()));
        }
        double longest = seconds.values().stream().reduce(arithmetic, Math::max);
        double taken = demand.loading()
                .map(loading -> takenByLoading(loading, threads, longest))
                .orElse(0.0);
        seconds.put(Resource.COMPUTE, arithmetic + taken);
        demand.loading()
                .ifPresent(loading -> putPositive(
                        seconds, Resource.LOADER, loading.threadSeconds() / Math.min(loading.threads(), processors)));
        return seconds;
    }

    /**
     * Seconds of arithmetic that loader threads cost each compute thread by what they have left to do after filling the cores
     * that do not compute. These are theirs for the whole step, which lasts at least as long as its longest resource
     * while no efficiency is above 1.
     */
    private double takenByLoading(StepDemand.Loading loading, int threads, double longest) {
        double idle = Math.max(0, cores - threads) * longest;
        return LOST_TO_LOADER * Math.max(0, loading.threadSeconds() - idle) / Math.min(threads, processors);
    }

    /** What all nodes together can read from the shared file system. */
    public double sharedRate() {
        return shared.orElse(storage);
    }

    private static void putPositive(Map<Resource, Double> seconds, Resource resource, double time) {
        if (time > 0) {
            seconds.put(resource, time);
        }
    }

    private double allReduces(StepDemand demand, int ranks) {
        Network known = network.orElseThrow(() -> new IllegalArgumentException(
                name + " says nothing about the network: measure it with ./mlhpc roofline measure --ranks 2, or more"));
        return demand.allReduces().stream()
                .mapToDouble(each -> each.perStep() * known.allReduce((double) each.bytes(), each.ranksOf(ranks)))
                .sum();
    }

    /** At which a node reads from its own storage. */
    double localRead() {
        return local.flatMap(LocalStorage::read).orElse(storage);
    }

    /** At which it writes there. */
    double localWrite() {
        return local.flatMap(LocalStorage::write).orElse(storageWrite);
    }

    /** The same cluster reading its data at another rate. */
    public Cluster reading(double bytesPerSecond) {
        return new Cluster(
                name,
                processors,
                cores,
                compute,
                memory,
                bytesPerSecond,
                storageWrite,
                shared,
                network,
                memoryBytes,
                local);
    }
}
