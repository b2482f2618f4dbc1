package org.mlhpc.roofline.fit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.RooflineFit.Parameter;

/**
 * Intervals of 95 % hold the true parameters of random machines about that often, at a noise of 5 % and with work that tells
 * parameters apart. {@code PredictionCoverageTest} is about steps, and runs that tell less.
 */
class IntervalCoverageTest {
    private static final int MACHINES = 300;
    private static final int RUNS = 24;
    private static final double CONFIDENCE = 0.95;

    @Test
    void intervalsHoldTheTruthAtTheNominalRate() {
        assertNominal(hits(SyntheticMachines::machine));
    }

    /** Where draws stop at a bound, ends of intervals do too, and still hold what lies before it. */
    @Test
    void intervalsNearBoundsHoldItAsOften() {
        assertNominal(hits(SyntheticMachines::machineNearBounds));
    }

    private static void assertNominal(Map<String, Integer> hits) {
        int parameters = hits.size();
        int all = hits.values().stream().mapToInt(Integer::intValue).sum();
        // Three standard deviations of a binomial count: wrong once in 370 for a parameter. Parameters of one machine
        // miss together, so that the count of all varies more than one of independent ones, whose bound is the
        // stricter.
        assertAll(
                () -> assertTrue(all >= least(MACHINES * parameters), hits.toString()),
                () -> assertTrue(all <= most(MACHINES * parameters), hits.toString()),
                () -> hits.forEach((name, count) -> assertTrue(count >= least(MACHINES), name + " " + count)),
                () -> hits.forEach((name, count) -> assertTrue(count <= most(MACHINES), name + " " + count)));
    }

    /** How many intervals hold the truth, by parameter. */
    private static Map<String, Integer> hits(Function<Random, StepModel> machines) {
        Map<String, Integer> hits = new LinkedHashMap<>();
        for (int machine = 0; machine < MACHINES; machine++) {
            var random = new Random(1_000 + machine);
            StepModel truth = machines.apply(random);
            var runs = SyntheticMachines.runs(truth, RUNS, 0.05, random);
            RooflineFit fit = RooflineFit.of(runs, new RooflineFit.Options(200, CONFIDENCE, machine));
            fit.parameters()
                    .forEach((name, found) -> hits.merge(name, holds(found, valueOf(truth, name)), Integer::sum));
        }
        return hits;
    }

    private static int holds(Parameter found, double truth) {
        return found.low() <= truth && truth <= found.high() ? 1 : 0;
    }

    private static double least(int count) {
        return count * CONFIDENCE - 3 * Math.sqrt(count * CONFIDENCE * (1 - CONFIDENCE));
    }

    private static double most(int count) {
        return count * CONFIDENCE + 3 * Math.sqrt(count * CONFIDENCE * (1 - CONFIDENCE));
    }

    private static double valueOf(StepModel machine, String name) {
        for (Resource resource : SyntheticMachines.WITH_EFFICIENCY) {
            if (name.equals(RooflineFit.efficiencyName(resource))) {
                return machine.efficiencyOf(resource);
            }
        }
        return name.equals(RooflineFit.OVERHEAD) ? machine.overheadSeconds() : machine.serial();
    }
}
