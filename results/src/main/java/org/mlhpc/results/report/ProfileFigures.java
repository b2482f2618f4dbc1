package org.mlhpc.results.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mlhpc.results.LabelledRun;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.charts.ChannelCharts;
import org.mlhpc.results.charts.Figure;
import org.mlhpc.results.charts.RoofCharts;
import org.mlhpc.results.charts.StackedTimes;

/**
 * Charts of a profile against its roofs.
 *
 * @param steps phases against their bounds, and steps below the roofs of channels
 * @param operators below the roofs of memory; empty if the workload does not account for them
 */
record ProfileFigures(List<Figure> steps, Optional<Figure> operators) {
    static ProfileFigures of(Roofs roofs, RunRecord run, Profile profile) {
        var steps = new ArrayList<Figure>();
        steps.add(phases(roofs, profile));
        steps.addAll(ChannelCharts.of(
                roofs.machine(), List.of(new LabelledRun(run.workload() + " " + run.configuration(), run))));
        Optional<Figure> operators = profile.layers().isEmpty()
                ? Optional.empty()
                : Optional.of(RoofCharts.hierarchy(
                        "operators",
                        "Operators below the roofs",
                        roofs.machine(),
                        profile,
                        run.machine().nodes()));
        return new ProfileFigures(List.copyOf(steps), operators);
    }

    private static Figure phases(Roofs roofs, Profile profile) {
        return StackedTimes.of(
                "phases",
                "Phases of a step against what each resource would need at its ceiling",
                "roof",
                profile.phases().stream()
                        .filter(phase -> phase.per().equals(Profile.STEP))
                        .map(phase -> new StackedTimes.Bar(
                                phase.name().replace('_', ' '),
                                profile.meanStepSeconds(),
                                phase.seconds(),
                                roofs.ideal(phase),
                                0,
                                roofs.of(phase).map(Roofs.Bound::seconds)))
                        .toList());
    }

    List<Figure> all() {
        return Stream.concat(steps.stream(), operators.stream()).toList();
    }
}
