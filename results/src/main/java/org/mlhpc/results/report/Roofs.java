package org.mlhpc.results.report;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mlhpc.results.LoaderWork;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.Doubt;
import org.mlhpc.roofline.fit.StepModel;
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
    private final Optional<StepModel> model;
    private final List<Doubt> doubts;
    private final Cluster cluster;
    private final Layout layout;
    private final int ranks;
    private final LoaderWork loader;

    /**
     * The least time that the work needs.
     *
     * @param resource that needs the longest
     * @param seconds it needs
     */
    record Bound(Resource resource, double seconds) {}

    /**
     * @throws IllegalArgumentException if the run's workload does not tell its precision, if arithmetic in it or main memory
     *     was not measured, or if the fit is to other runs
     */
    Roofs(Ceilings ceilings, RunRecord run, Profile profile) {
        if (profile.precision().isEmpty()) {
            throw new IllegalArgumentException("the workload " + run.workload()
                    + " does not tell the precision of its arithmetic, so there is no ceiling to compare with");
        }
        ceilings.fit().ifPresent(fit -> fit.requireOf(run.workload(), profile.precision()));
        this.machine = ceilings.machine();
        this.model = ceilings.fit().map(Ceilings.Fit::model);
        this.doubts = ceilings.fit().map(Ceilings.Fit::doubts).orElse(List.of());
        Cluster measured = MeasuredCluster.of(machine, profile.precision(), NOTHING_FURTHER);
        this.cluster = profile.storageLimit().map(measured::reading).orElse(measured);
        this.layout = profile.layout(run.machine().nodes());
        this.ranks = profile.ranks();
        this.loader = LoaderWork.of(run);
    }

    MeasuredMachine machine() {
        return machine;
    }

    /** The fit, if there is one. */
    Optional<StepModel> model() {
        return model;
    }

    /** What the fit cannot tell of resources that {@code phases} have work for; fitted limits have no overhead. */
    List<String> doubts(List<Profile.Phase> phases) {
        Set<Resource> working =
                phases.stream().flatMap(phase -> ideal(phase).keySet().stream()).collect(Collectors.toSet());
        return doubts.stream()
                .filter(doubt -> doubt.concerns(working, false))
                .map(Doubt::text)
                .toList();
    }

    /** At the ceilings, of one rank, while the other ranks of its node do the same. */
    Optional<Bound> of(Profile.Pass pass) {
        return longest(ideal(pass));
    }

    /** At what the fit says training reaches of the ceilings; empty without a fit, or if it knows too little. */
    Optional<Bound> fitted(Profile.Pass pass) {
        return fitted(ideal(pass));
    }

    private Map<Resource, Double> ideal(Profile.Pass pass) {
        int together = layout.ranksPerNode();
        return positive(
                cluster.ideal(StepDemand.computing(pass.flop() * together, pass.memoryBytes() * together), layout));
    }

    /**
     * At the ceilings, of all ranks; empty if the work is not known, or moves over a channel that was not measured. The payload
     * of a step is taken for one all-reduce.
     */
    Optional<Bound> of(Profile.Phase phase) {
        return longest(ideal(phase));
    }

    /** As {@link #fitted(Profile.Pass)}; no fit knows about writing. */
    Optional<Bound> fitted(Profile.Phase phase) {
        return phase.name().equals(CHECKPOINT) ? Optional.empty() : fitted(ideal(phase));
    }

    /** Seconds that each resource needs for a phase at its ceiling; empty if a part of its work is not known. */
    Map<Resource, Double> ideal(Profile.Phase phase) {
        double files = bytes(phase, Channel.STORAGE);
        if (phase.name().equals(CHECKPOINT)) {
            // By the node of rank 0 alone.
            return positive(Map.of(Resource.STORAGE, files / cluster.storageWrite()));
        }
        if (files > 0 && loader.storageShare().isEmpty()) {
            return Map.of();
        }
        double nodes = layout.nodes();
        double read = files * loader.storageShare().orElse(0.0) / nodes;
        StepDemand demand = StepDemand.computing(phase.flop().orElse(0.0) / nodes, bytes(phase, Channel.MEMORY) / nodes)
                .reading(read, Optional.empty());
        var seconds = new EnumMap<Resource, Double>(Resource.class);
        seconds.putAll(cluster.ideal(demand, layout));
        loader.threadSecondsPerByte()
                .ifPresent(each -> seconds.put(Resource.LOADER, each * files / nodes / loaderThreads()));
        double reduced = bytes(phase, Channel.NETWORK) / ranks;
        if (reduced > 0 && ranks > 1) {
            cluster.network().ifPresent(network -> seconds.put(Resource.NETWORK, network.allReduce(reduced, ranks)));
        }
        return positive(seconds);
    }

    /** Of a node, no more than work at once. */
    private int loaderThreads() {
        return Math.max(1, Math.min(loader.threadsPerRank() * layout.ranksPerNode(), cluster.processors()));
    }

    private static double bytes(Profile.Phase phase, Channel channel) {
        return phase.bytes().getOrDefault(channel, 0.0);
    }

    private static Map<Resource, Double> positive(Map<Resource, Double> seconds) {
        return seconds.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Optional<Bound> fitted(Map<Resource, Double> ideal) {
        return model.filter(known -> ideal.keySet().stream()
                        .allMatch(resource ->
                                !resource.hasEfficiency() || known.efficiency().containsKey(resource)))
                .flatMap(known -> longest(known.alone(ideal)));
    }

    private static Optional<Bound> longest(Map<Resource, Double> seconds) {
        return seconds.entrySet().stream()
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .map(entry -> new Bound(entry.getKey(), entry.getValue()));
    }
}
