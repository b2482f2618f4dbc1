package org.mlhpc.results.report;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
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
    private static final MeasuredCluster.Further NOTHING_FURTHER =
            new MeasuredCluster.Further(Optional.empty(), Optional.empty());

    private final MeasuredMachine machine;
    private final Cluster cluster;
    private final Layout layout;

    /**
     * The least time that the work needs at the ceilings.
     *
     * @param resource that needs the longest
     * @param seconds it needs
     */
    record Bound(Resource resource, double seconds) {}

    /** @throws IllegalArgumentException if arithmetic in the run's precision or main memory was not measured */
    Roofs(MeasuredMachine machine, RunRecord run, Profile profile) {
        this.machine = machine;
        this.cluster = MeasuredCluster.of(machine, profile.precision(), NOTHING_FURTHER);
        int nodes = run.machine().nodes();
        this.layout = new Layout(nodes, (profile.ranks() + nodes - 1) / nodes, profile.threadsPerRank());
    }

    MeasuredMachine machine() {
        return machine;
    }

    /** Of one rank, while the other ranks of its node do the same. */
    Optional<Bound> of(Profile.Pass pass) {
        int ranks = layout.ranksPerNode();
        return longest(cluster.ideal(StepDemand.computing(pass.flop() * ranks, pass.memoryBytes() * ranks), layout));
    }

    /** Of all ranks; empty if the work is not known, or moves over a channel that was not measured. */
    Optional<Bound> of(Profile.Phase phase) {
        double nodes = layout.nodes();
        double reduced = cluster.network().isPresent() ? bytes(phase, Channel.NETWORK) / layout.ranks() : 0;
        return longest(cluster.ideal(
                new StepDemand(
                        phase.flop().orElse(0.0) / nodes,
                        bytes(phase, Channel.MEMORY) / nodes,
                        bytes(phase, Channel.STORAGE) / nodes,
                        reduced > 0 ? List.of(reduced) : List.of(),
                        Optional.empty()),
                layout));
    }

    private static double bytes(Profile.Phase phase, Channel channel) {
        return phase.bytes().getOrDefault(channel, 0.0);
    }

    private static Optional<Bound> longest(Map<Resource, Double> seconds) {
        var known = new EnumMap<Resource, Double>(Resource.class);
        known.putAll(seconds);
        return known.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .map(entry -> new Bound(entry.getKey(), entry.getValue()));
    }
}
