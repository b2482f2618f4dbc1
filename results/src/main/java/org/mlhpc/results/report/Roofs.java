package org.mlhpc.results.report;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.Layout;
import org.mlhpc.roofline.predict.MeasuredCluster;
import org.mlhpc.roofline.predict.StepDemand;

/** The ceilings of a machine as roofs above the phases and operators of a run. */
final class Roofs {
    private static final String CHECKPOINT = "checkpoint";
    private static final MeasuredCluster.Further NOTHING_FURTHER =
            new MeasuredCluster.Further(Optional.empty(), Optional.empty());

    private final MeasuredMachine machine;
    private final Cluster cluster;
    private final Layout layout;
    private final int ranks;

    /**
     * The least time that the work needs at the ceilings.
     *
     * @param resource that needs the longest
     * @param seconds it needs
     */
    record Bound(Resource resource, double seconds) {}

    /**
     * @throws IllegalArgumentException if the run's workload does not tell its precision, or if arithmetic in it or main memory
     *     was not measured
     */
    Roofs(MeasuredMachine machine, RunRecord run, Profile profile) {
        if (profile.precision().isEmpty()) {
            throw new IllegalArgumentException("the workload " + run.workload()
                    + " does not tell the precision of its arithmetic, so there is no ceiling to compare with");
        }
        this.machine = machine;
        Cluster measured = MeasuredCluster.of(machine, profile.precision(), NOTHING_FURTHER);
        this.cluster = profile.storageLimit().map(measured::reading).orElse(measured);
        this.layout = profile.layout(run.machine().nodes());
        this.ranks = profile.ranks();
    }

    MeasuredMachine machine() {
        return machine;
    }

    /** Of one rank, while the other ranks of its node do the same. */
    Optional<Bound> of(Profile.Pass pass) {
        int together = layout.ranksPerNode();
        return longest(
                cluster.ideal(StepDemand.computing(pass.flop() * together, pass.memoryBytes() * together), layout));
    }

    /**
     * Of all ranks; empty if the work is not known, or moves over a channel that was not measured. The payload of a step is
     * taken for one all-reduce.
     */
    Optional<Bound> of(Profile.Phase phase) {
        if (phase.name().equals(CHECKPOINT)) {
            return written(bytes(phase, Channel.STORAGE));
        }
        double nodes = layout.nodes();
        StepDemand demand = StepDemand.computing(phase.flop().orElse(0.0) / nodes, bytes(phase, Channel.MEMORY) / nodes)
                .reading(bytes(phase, Channel.STORAGE) / nodes, Optional.empty());
        var seconds = new EnumMap<Resource, Double>(Resource.class);
        seconds.putAll(cluster.ideal(demand, layout));
        double reduced = bytes(phase, Channel.NETWORK) / ranks;
        if (reduced > 0 && ranks > 1) {
            cluster.network().ifPresent(network -> seconds.put(Resource.NETWORK, network.allReduce(reduced, ranks)));
        }
        return longest(seconds);
    }

    /** By the node of rank 0 alone. */
    private Optional<Bound> written(double bytes) {
        return longest(Map.of(Resource.STORAGE, bytes / cluster.storageWrite()));
    }

    private static double bytes(Profile.Phase phase, Channel channel) {
        return phase.bytes().getOrDefault(channel, 0.0);
    }

    private static Optional<Bound> longest(Map<Resource, Double> seconds) {
        return seconds.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .map(entry -> new Bound(entry.getKey(), entry.getValue()));
    }
}
