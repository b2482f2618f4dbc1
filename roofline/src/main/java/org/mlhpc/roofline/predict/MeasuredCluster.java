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

/** Clusters whose nodes are a measured machine each. */
public final class MeasuredCluster {
    private MeasuredCluster() {}

    /**
     * What the measurement cannot know.
     *
     * @param shared rate of the shared file system for all nodes together; what one node can read, if empty
     * @param local each node's own storage; none, if empty
     */
    public record Further(Optional<Double> shared, Optional<LocalStorage> local) {}

    /**
     * Takes the ceilings of {@code machine}: the engine's arithmetic in {@code precision} (a plain loop's if the engine's was
     * not measured), triad of main memory, direct sequential reads, the shortest of all ping-pongs, and
     * all-reduces by size.
     *
     * @throws IllegalArgumentException if it has no arithmetic in this precision or no memory bandwidth; the message names
     *     the fix
     */
    public static Cluster of(MeasuredMachine machine, String precision, Further further) {
        RateByThreads compute =
                arithmetic(machine, precision).orElseThrow(() -> missing(machine, "arithmetic in " + precision));
        RateByThreads memory = rates(
                        machine,
                        ceiling -> ceiling.resource() == Resource.MEMORY
                                && ceiling.level().equals("DRAM")
                                && ceiling.operation().equals("triad"))
                .orElseThrow(() -> missing(machine, "triad of main memory"));
        return new Cluster(
                machine.host(),
                machine.cores(),
                machine.physicalCores().orElse(machine.cores()),
                compute,
                memory,
                direct(machine, "sequential read"),
                direct(machine, "sequential write"),
                further.shared,
                network(machine),
                machine.memoryBytes().map(Long::doubleValue),
                further.local);
    }

    /**
     * FLOP/s in {@code precision}: the engine's, a plain loop's if the engine's was not measured; empty if neither was.
     */
    public static Optional<RateByThreads> arithmetic(MeasuredMachine machine, String precision) {
        Predicate<MeasuredCeiling> any = ceiling ->
                ceiling.resource() == Resource.COMPUTE && ceiling.precision().equals(precision);
        return rates(machine, any.and(ceiling -> ceiling.level().equals("engine")))
                .or(() -> rates(machine, any));
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

    /** The highest rate of the ceilings of a kind for each number of threads; empty if there are none. */
    public static Optional<RateByThreads> rates(MeasuredMachine machine, Predicate<MeasuredCeiling> kind) {
        NavigableMap<Integer, Double> best = new TreeMap<>();
        machine.ceilings().stream()
                .filter(kind)
                .forEach(ceiling -> best.merge(ceiling.threads(), ceiling.rate().median(), Math::max));
        return best.isEmpty() ? Optional.empty() : Optional.of(new RateByThreads(best));
    }

    private static Optional<Network> network(MeasuredMachine machine) {
        Optional<Double> latency = machine.collectives().stream()
                .filter(row -> row.operation().equals("ping-pong"))
                .map(row -> row.seconds().median())
                .min(Comparator.naturalOrder());
        return latency.flatMap(seconds -> {
            NavigableMap<Long, Double> rates = new TreeMap<>();
            machine.collectives().stream()
                    .filter(row -> row.operation().equals("all-reduce"))
                    .forEach(row -> rates.put(row.bytes(), busRate(row, seconds)));
            return rates.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Network(seconds, rates, machine.origin(Resource.NETWORK)));
        });
    }

    /** Without the latency that {@link Network#allReduce} adds; infinite if that explains all of the time. */
    private static double busRate(Collective row, double latency) {
        double moving = row.seconds().median() - Network.latencies(row.ranks()) * latency;
        double bytes = Collective.busFactor(row.operation(), row.ranks()) * row.bytes();
        return moving > 0 ? bytes / moving : Double.POSITIVE_INFINITY;
    }
}
