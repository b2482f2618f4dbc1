package org.mlhpc.roofline.predict;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.Origin;
import org.mlhpc.roofline.fit.Doubt;
import org.mlhpc.roofline.fit.StepModel;

/** What a reader of predictions must know: how far they are beyond the runs, and what they rely on or leave out. */
final class Caveats {
    /** Beyond it, a prediction says so. */
    private static final double TRUSTED_EXTRAPOLATION = 10;
    /** The least share of a step from which on doubts about a resource matter: where it is wrong by a tenth, the step is by 1 %. */
    private static final double RELEVANT_SHARE = 0.1;

    private final FittedRuns runs;
    private final Cluster cluster;
    private final Optional<Convergence> convergence;
    private final List<String> assumptions;

    Caveats(FittedRuns runs, Cluster cluster, Optional<Convergence> convergence, List<String> assumptions) {
        this.runs = runs;
        this.cluster = cluster;
        this.convergence = convergence;
        this.assumptions = List.copyOf(assumptions);
    }

    boolean knows(Resource resource) {
        return runs.fit().model().efficiency().containsKey(resource);
    }

    /**
     * By which factors {@code scenario} lies beyond the runs, by what it is that does.
     *
     * @param steps kinds of its steps, each as ideal times by resource
     */
    Map<String, Double> beyond(Predictor.Scenario scenario, List<Map<Resource, Double>> steps) {
        Map<String, Double> factors = new LinkedHashMap<>();
        steps.forEach(ideal -> runs.range()
                .beyond(
                        scenario.layout(),
                        scenario.localBatch(),
                        scenario.step().flopPerNode(),
                        ideal)
                .forEach((what, factor) -> factors.merge(what, factor, Math::max)));
        convergence.ifPresent(known -> factors.put("batch to converge", known.extrapolation(scenario.batch())));
        return factors;
    }

    /** @param steps as above: the first ones may read what is in memory later */
    List<String> of(Predictor.Scenario scenario, DataPlan plan, List<Map<Resource, Double>> steps) {
        var remarks = new ArrayList<String>();
        String far = beyond(scenario, steps).entrySet().stream()
                .filter(factor -> factor.getValue() > TRUSTED_EXTRAPOLATION)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        if (!far.isEmpty()) {
            remarks.add(
                    String.format(Locale.ROOT, "more than %.0f times beyond the runs: %s", TRUSTED_EXTRAPOLATION, far));
        }
        remarks.addAll(assumptions);
        remarks.addAll(doubts(steps));
        if (!runs.ran(scenario.layout()) && runs.heldOutLayouts().groups().isEmpty()) {
            remarks.add(
                    "no run had this layout, and the runs do not tell how well others are predicted: intervals are too"
                            + " narrow; add runs with other ranks and threads");
        }
        if (scenario.layout().ranks() > 1) {
            remarks.addAll(network(scenario.layout()));
        }
        remarks.addAll(data(plan));
        if (runs.evaluationFactor().isEmpty()) {
            remarks.add("no run evaluated: evaluation left out");
        }
        return remarks;
    }

    /** Those of the fit about what takes time here, each once. */
    private Set<String> doubts(List<Map<Resource, Double>> steps) {
        StepModel model = runs.fit().model();
        Set<Resource> relevant = EnumSet.noneOf(Resource.class);
        boolean overhead = false;
        for (Map<Resource, Double> ideal : steps) {
            double least = RELEVANT_SHARE * model.seconds(ideal);
            model.alone(ideal).forEach((resource, seconds) -> {
                if (seconds >= least) {
                    relevant.add(resource);
                }
            });
            overhead |= runs.fit().greatestOverhead() >= least;
        }
        boolean withOverhead = overhead;
        return runs.fit().doubts().stream()
                .filter(doubt -> doubt.concerns(relevant, withOverhead))
                .map(Doubt::text)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<String> network(Layout layout) {
        if (!knows(Resource.NETWORK)) {
            return List.of("no run had several ranks: network left out");
        }
        var remarks = new ArrayList<String>();
        if (layout.nodes() > 1 && runs.range().nodes().most() == 1) {
            remarks.add("no run had several nodes: the efficiency of the network is that within one");
        }
        Optional<Origin> origin = cluster.network().flatMap(Network::origin);
        if (origin.isPresent()) {
            measuredOtherwise(origin.get(), layout).ifPresent(remarks::add);
        } else {
            remarks.add("network measured between unknown ranks, within a node or between nodes: measure it again");
        }
        return remarks;
    }

    /** Messages within a node pass no link, and ranks of a node share one. */
    private static Optional<String> measuredOtherwise(Origin origin, Layout layout) {
        if (layout.nodes() > 1 && origin.nodes() == 1) {
            return Optional.of("network measured within one node, used between nodes: measure it in a job of several "
                    + command(layout));
        }
        if (layout.nodes() == 1 && origin.nodes() > 1) {
            return Optional.of("network measured between nodes, used within one");
        }
        return origin.ranksPerNode() == layout.ranksPerNode()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "network measured with %d rank%s on a node, used with %d, and ranks of a node share its links:"
                                + " measure it again %s",
                        origin.ranksPerNode(),
                        origin.ranksPerNode() == 1 ? "" : "s",
                        layout.ranksPerNode(),
                        command(layout)));
    }

    /** That measures the network of {@code layout} between two nodes. */
    private static String command(Layout layout) {
        int ranks = 2 * layout.ranksPerNode();
        return String.format(
                Locale.ROOT, "(srun -N 2 -n %d ./mlhpc roofline measure --ranks %d --out machine.json)", ranks, ranks);
    }

    private List<String> data(DataPlan plan) {
        var remarks = new ArrayList<String>();
        if (runs.data().bytesPerSample() == 0) {
            remarks.add("the size of samples is not known: staging and reading left out");
        } else {
            List<String> lacking = plan.lacking(cluster);
            if (!lacking.isEmpty()) {
                remarks.add("not measured, and taken for as fast as can be: " + String.join(", ", lacking)
                        + "; measure with --path, or give --shared-rate, --local-read and --local-write");
            }
            if (!Double.isInfinite(plan.bytesPerSecond()) && !knows(Resource.STORAGE)) {
                remarks.add("no run was limited by storage: reading left out");
            }
            if (cluster.memoryBytes().isEmpty()) {
                remarks.add("the memory of a node is not known: no data are taken to stay there");
            }
        }
        if (runs.loader().isEmpty()) {
            remarks.add("no run tells what decoding needs: loader left out");
        }
        return remarks;
    }
}
