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

    private NetworkSteps() {}

    static List<Step> of(Communicator world, Effort effort) {
        var traffic = new RankTraffic(world, effort.largestMessage() + world.size());
        var steps = new ArrayList<Step>();
        for (RankTraffic.Operation operation : RankTraffic.Operation.values()) {
            steps.add(new Step(
                    operation.label() + ", " + world.size() + " ranks",
                    findings -> bySize(world, traffic, operation, effort, findings)));
        }
        return steps;
    }

    private static void bySize(
            Communicator world,
            RankTraffic traffic,
            RankTraffic.Operation operation,
            Effort effort,
            Findings findings) {
        var rows = new ArrayList<Collective>();
        for (int bytes = SMALLEST; bytes <= effort.largestMessage(); bytes *= FACTOR) {
            double[] seconds = traffic.seconds(operation, bytes, effort.iterations());
            rows.add(Collective.of(operation.label(), traffic.part(operation, bytes), world.size(), seconds));
        }
        rows.forEach(findings::add);
        best(rows).ifPresent(findings::add);
    }

    private static Optional<MeasuredCeiling> best(List<Collective> rows) {
        return rows.stream()
                .max(Comparator.comparingDouble(row -> row.busRate().median()))
                .map(row -> MeasuredCeiling.of(
                        Resource.NETWORK,
                        "ranks",
                        row.operation(),
                        "",
                        row.ranks(),
                        Resource.NETWORK.unit(),
                        row.busRate(),
                        Optional.empty()));
    }
}
