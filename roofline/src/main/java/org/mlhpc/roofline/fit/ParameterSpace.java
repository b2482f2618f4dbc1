package org.mlhpc.roofline.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.mlhpc.roofline.Resource;

/**
 * The parameters of a {@link StepModel} between their bounds, as numbers without bounds for a solver that knows none:
 * value = low + (high - low) sin^2(free), with logarithms of efficiencies.
 *
 * @param resources in the order of the parameters; overhead and serial follow
 * @param longestOverhead seconds
 * @param atMostCeiling resources whose efficiency may not be above 1
 */
record ParameterSpace(List<Resource> resources, double longestOverhead, Set<Resource> atMostCeiling) {
    /** Below a percent of its ceiling nothing is said to be limited by it. */
    static final double LEAST_EFFICIENCY = 0.01;
    /** Over 1, because caches may serve a part of the counted traffic, and ceilings have a spread. */
    static final double GREATEST_EFFICIENCY = 1.5;
    /** The sum differs by less than 3 % from the largest of four equal terms: 4^0.02 = 1.028. */
    static final double LEAST_SERIAL = 0.02;

    /** Spans what {@code observations} can tell about: a step cannot have more overhead than the shortest took. */
    static ParameterSpace of(List<Observation> observations) {
        Set<Resource> seen = EnumSet.noneOf(Resource.class);
        observations.stream()
                .flatMap(observation -> observation.ideal().keySet().stream())
                .filter(Resource::hasEfficiency)
                .forEach(seen::add);
        double shortest = observations.stream()
                .mapToDouble(Observation::seconds)
                .min()
                .orElseThrow(() -> new IllegalArgumentException("no observation to fit"));
        return new ParameterSpace(List.copyOf(seen), shortest, Set.of());
    }

    /** The same, but for efficiencies of {@code resources} above 1. */
    ParameterSpace upToCeiling(Set<Resource> resources) {
        return new ParameterSpace(this.resources, longestOverhead, resources);
    }

    int size() {
        return resources.size() + 2;
    }

    List<String> names() {
        var names = new ArrayList<String>();
        resources.forEach(resource -> names.add(RooflineFit.efficiencyName(resource)));
        names.add(RooflineFit.OVERHEAD);
        names.add(RooflineFit.SERIAL);
        return names;
    }

    /** Lower bound of a parameter, as {@link #bounded} has it. */
    double low(int index) {
        if (index < resources.size()) {
            return Math.log(LEAST_EFFICIENCY);
        }
        return index == resources.size() ? 0 : LEAST_SERIAL;
    }

    /** Upper bound. */
    double high(int index) {
        if (index < resources.size()) {
            return atMostCeiling.contains(resources.get(index)) ? 0 : Math.log(GREATEST_EFFICIENCY);
        }
        return index == resources.size() ? longestOverhead : 1;
    }

    /** Parameters in the order of {@link #names}: logarithms of efficiencies, seconds, serial. */
    double[] bounded(double[] free) {
        double[] values = new double[size()];
        for (int i = 0; i < values.length; i++) {
            double sine = Math.sin(free[i]);
            values[i] = low(i) + (high(i) - low(i)) * sine * sine;
        }
        return values;
    }

    /** Derivatives of {@link #bounded} with respect to {@code free}. */
    double[] slopes(double[] free) {
        double[] slopes = new double[size()];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = (high(i) - low(i)) * Math.sin(2 * free[i]);
        }
        return slopes;
    }

    /** The inverse of {@link #bounded}. */
    double[] free(double[] bounded) {
        double[] free = new double[size()];
        for (int i = 0; i < free.length; i++) {
            double share = (bounded[i] - low(i)) / (high(i) - low(i));
            free[i] = Math.asin(Math.sqrt(Math.min(1, Math.max(0, share))));
        }
        return free;
    }

    /** Where searches begin: a usual machine, and random others. */
    List<double[]> starts(int count, Random random) {
        var starts = new ArrayList<double[]>();
        double[] usual = new double[size()];
        Arrays.fill(usual, Math.log(0.6));
        usual[resources.size()] = 0.05 * longestOverhead;
        usual[resources.size() + 1] = 0.6;
        starts.add(free(usual));
        while (starts.size() < count) {
            starts.add(random.doubles(size(), 0.1, Math.PI / 2 - 0.1).toArray());
        }
        return starts;
    }

    StepModel model(double[] values) {
        Map<Resource, Double> efficiency = new EnumMap<>(Resource.class);
        for (int i = 0; i < resources.size(); i++) {
            efficiency.put(resources.get(i), Math.exp(values[i]));
        }
        return new StepModel(efficiency, values[resources.size()], values[resources.size() + 1]);
    }
}
