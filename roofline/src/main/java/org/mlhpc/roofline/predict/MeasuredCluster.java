package org.mlhpc.roofline.predict;

import java.util.Comparator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.predict.Cluster.Network;

/** Clusters whose nodes are a measured machine each. */
public final class MeasuredCluster {
    private MeasuredCluster() {}

    /**
     * What the measurement cannot know.
     *
     * @param shared rate of the shared file system for all nodes together; what was measured on one node, if empty
     * @param localBytes capacity of each node's own storage; none, if empty
     */
    public record Further(Optional<Double> shared, Optional<Double> localBytes) {}

    /**
     * Takes the ceilings of {@code machine}: the engine's arithmetic in {@code precision} (a plain loop's if the engine's was
     * not measured), triad of main memory, direct sequential reads, latency of the shortest message and bus rate of the
     * largest all-reduce.
     *
     * @throws IllegalArgumentException if it has no arithmetic in this precision or no memory bandwidth; the message names
     *     the fix
     */
    public static Cluster of(MeasuredMachine machine, String precision, Further further) {
        Optional<RateByThreads> engine = rates(
                machine,
                ceiling -> ceiling.resource() == Resource.COMPUTE
                        && ceiling.level().equals("engine")
                        && ceiling.precision().equals(precision));
        RateByThreads compute = engine.or(() -> rates(
                        machine,
                        ceiling -> ceiling.resource() == Resource.COMPUTE
                                && ceiling.precision().equals(precision)))
                .orElseThrow(() -> missing(machine, "arithmetic in " + precision));
        RateByThreads memory = rates(
                        machine,
                        ceiling -> ceiling.resource() == Resource.MEMORY
                                && ceiling.level().equals("DRAM")
                                && ceiling.operation().equals("triad"))
                .orElseThrow(() -> missing(machine, "triad of main memory"));
        double storage = direct(machine, "sequential read");
        return new Cluster(
                machine.host(),
                compute,
                memory,
                storage,
                direct(machine, "sequential write"),
                further.shared.orElse(storage),
                network(machine),
                machine.memoryBytes().map(Long::doubleValue).orElse(0.0),
                further.localBytes);
    }

    /** Without the page cache, with the most threads measured; infinite if it was not measured. */
    private static double direct(MeasuredMachine machine, String operation) {
        return rates(
                        machine,
                        ceiling -> ceiling.resource() == Resource.STORAGE
                                && ceiling.level().equals("direct")
                                && ceiling.operation().equals(operation))
                .map(rate -> rate.byThreads().lastEntry().getValue())
                .orElse(Double.POSITIVE_INFINITY);
    }

    private static IllegalArgumentException missing(MeasuredMachine machine, String what) {
        return new IllegalArgumentException("the measurement of " + machine.host() + " has no " + what
                + ": measure again with ./mlhpc roofline measure");
    }

    private static Optional<RateByThreads> rates(MeasuredMachine machine, Predicate<MeasuredCeiling> kind) {
        NavigableMap<Integer, Double> best = new TreeMap<>();
        machine.ceilings().stream()
                .filter(kind)
                .forEach(ceiling -> best.merge(ceiling.threads(), ceiling.rate().median(), Math::max));
        return best.isEmpty() ? Optional.empty() : Optional.of(new RateByThreads(best));
    }

    private static Optional<Network> network(MeasuredMachine machine) {
        Optional<Collective> shortest = machine.collectives().stream()
                .filter(row -> row.operation().equals("ping-pong"))
                .min(Comparator.comparingLong(Collective::bytes));
        Optional<Collective> largest = machine.collectives().stream()
                .filter(row -> row.operation().equals("all-reduce"))
                .max(Comparator.comparingLong(Collective::bytes));
        return shortest.flatMap(message -> largest.map(vector ->
                new Network(message.seconds().median(), vector.busRate().median())));
    }
}
