package org.mlhpc.roofline.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.network.RankTraffic;

/** Messages and collectives by size, and the best bus rate of each as a ceiling. Collective. */
final class NetworkSteps {
    private static final int SMALLEST = 4;
    private static final int FACTOR = 4;

    private final Communicator world;
    private final Effort effort;
    private final Optional<Double> peak;

    /** @param peak of the link between nodes */
    NetworkSteps(Communicator world, Effort effort, Optional<Double> peak) {
        this.world = world;
        this.effort = effort;
        this.peak = peak;
    }

    /** Bytes of the buffer that the operations need: all-gather rounds its parts up. */
    static int largest(Communicator world, Effort effort) {
        return effort.largestMessage() + world.size();
    }

    /** How it is timed. */
    static String condition(Effort effort) {
        return "network: " + effort.iterations() + " batches after warming up (" + RankTraffic.FIRST_WARM_UP_SECONDS
                + " s for each operation), of as many operations as fill "
                + RankTraffic.BATCH_MILLIS + " ms, from one to " + RankTraffic.MOST_PER_BATCH
                + "; medians and quartiles are over them";
    }

    /** Through the Java bindings, as training uses them. */
    List<Step> throughBindings(RankTraffic.Repeater way) {
        return steps("ranks", "", way, Findings::add);
    }

    /** What the network gives below the bindings. */
    List<Step> inC(RankTraffic.Repeater way) {
        return steps("ranks in C", " in C", way, Findings::addInC);
    }

    @FunctionalInterface
    private interface Keeper {
        void keep(Findings findings, Collective row);
    }

    private List<Step> steps(String level, String suffix, RankTraffic.Repeater way, Keeper keeper) {
        var traffic = new RankTraffic(world, way);
        var steps = new ArrayList<Step>();
        for (RankTraffic.Operation operation : RankTraffic.Operation.values()) {
            steps.add(new Step(
                    Resource.NETWORK, operation.label() + suffix + ", " + world.size() + " ranks", findings -> {
                        List<Collective> rows = bySize(traffic, operation);
                        rows.forEach(row -> keeper.keep(findings, row));
                        best(level, rows).ifPresent(findings::add);
                    }));
        }
        return steps;
    }

    private List<Collective> bySize(RankTraffic traffic, RankTraffic.Operation operation) {
        var rows = new ArrayList<Collective>();
        for (int bytes = SMALLEST; bytes <= effort.largestMessage(); bytes *= FACTOR) {
            double[] seconds = traffic.seconds(operation, bytes, effort.iterations());
            rows.add(Collective.of(operation.label(), traffic.part(operation, bytes), world.size(), seconds));
        }
        return rows;
    }

    private Optional<MeasuredCeiling> best(String level, List<Collective> rows) {
        return rows.stream()
                .max(Comparator.comparingDouble(row -> row.busRate().median()))
                .map(row -> MeasuredCeiling.of(
                        Resource.NETWORK,
                        level,
                        row.operation(),
                        "",
                        row.ranks(),
                        Resource.NETWORK.unit(),
                        row.busRate(),
                        peak));
    }
}
