package org.mlhpc.roofline.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.junit.jupiter.api.Test;
import org.mlhpc.roofline.Quantile;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.RooflineFit.Options;

class RooflineFitTest {
    private static final Options FEW_DRAWS = new Options(50, 0.95, 1);

    @Test
    void findsTheParametersOfNoiselessRuns() {
        var random = new Random(3);
        StepModel truth = SyntheticMachines.machine(random);
        RooflineFit fit = RooflineFit.of(SyntheticMachines.runs(truth, 30, 0, random), FEW_DRAWS);
        // The solver stops at a relative change of 1e-9; a parameter to which times hardly react is off by more.
        truth.efficiency()
                .forEach((resource, value) -> assertEquals(value, fit.model().efficiencyOf(resource), 1e-4 * value));
        assertEquals(truth.overheadSeconds(), fit.model().overheadSeconds(), 1e-5);
        assertEquals(truth.serial(), fit.model().serial(), 1e-4);
        assertEquals(List.of(), fit.warnings());
    }

    @Test
    void derivativesAgreeWithFiniteDifferences() {
        var random = new Random(4);
        var runs = SyntheticMachines.runs(SyntheticMachines.machine(random), 5, 0, random).stream()
                .map(run -> withLoader(run, 0.1))
                .toList();
        var space = ParameterSpace.of(runs);
        var times = new LogTimes(space, runs);
        double[] point = space.starts(2, random).get(1);
        double[][] jacobian =
                times.value(new ArrayRealVector(point)).getSecond().getData();
        double step = 1e-6;
        for (int column = 0; column < point.length; column++) {
            double[] up = point.clone();
            double[] down = point.clone();
            up[column] += step;
            down[column] -= step;
            double[] high = times.value(new ArrayRealVector(up)).getFirst().toArray();
            double[] low = times.value(new ArrayRealVector(down)).getFirst().toArray();
            for (int row = 0; row < runs.size(); row++) {
                // Central differences: error of step^2 plus rounding / step, both about 1e-10.
                assertEquals((high[row] - low[row]) / (2 * step), jacobian[row][column], 1e-7);
            }
        }
    }

    private static Observation withLoader(Observation run, double seconds) {
        var ideal = new EnumMap<Resource, Double>(run.ideal());
        ideal.put(Resource.LOADER, seconds);
        return new Observation(run.label(), ideal, run.seconds());
    }

    @Test
    void theLoadersSecondsAreTakenAsTheyAre() {
        var random = new Random(9);
        StepModel truth = new StepModel(Map.of(Resource.COMPUTE, 0.5), 0.01, 0.4);
        var runs = new ArrayList<Observation>();
        for (int i = 0; i < 20; i++) {
            var ideal = Map.of(Resource.COMPUTE, 0.01 * (i + 1), Resource.LOADER, 0.02 * (1 + random.nextInt(20)));
            runs.add(new Observation("run " + i, ideal, truth.seconds(ideal)));
        }
        RooflineFit fit = RooflineFit.of(runs, FEW_DRAWS);
        assertEquals(
                Set.of("efficiency_compute", "overhead_seconds", "serial"),
                fit.parameters().keySet());
        // No noise: the optimizer's own tolerance, with room.
        assertEquals(0.5, fit.model().efficiencyOf(Resource.COMPUTE), 1e-4);
        assertEquals(0.4, fit.model().serial(), 1e-4);
        assertEquals(Resource.LOADER, fit.model().binding(Map.of(Resource.COMPUTE, 0.1, Resource.LOADER, 0.3)));
    }

    /**
     * Memory's ideal times follow those of compute within 10 %, both take about half of each step, and noise is 1 %: how much they
     * overlap is not told, and both seem the more efficient the less they do.
     */
    @Test
    void saysWhichResourcesCannotBeToldApart() {
        var random = new Random(5);
        StepModel truth = new StepModel(Map.of(Resource.COMPUTE, 0.5, Resource.MEMORY, 0.5), 0.001, 0.95);
        var runs = new ArrayList<Observation>();
        for (int i = 0; i < 40; i++) {
            double time = 0.01 * (i + 1);
            var ideal = Map.of(Resource.COMPUTE, time, Resource.MEMORY, time * Math.exp(0.1 * random.nextGaussian()));
            runs.add(new Observation("run " + i, ideal, truth.seconds(ideal) * Math.exp(0.01 * random.nextGaussian())));
        }
        assertWarned("efficiency_compute and efficiency_memory cannot be told apart (correlation 0.9", runs);
    }

    /** No run changes the one without the other, so that any share of both fits. */
    @Test
    void saysWhichResourcesAlwaysChangeTogether() {
        var random = new Random(5);
        StepModel truth = new StepModel(Map.of(Resource.COMPUTE, 0.5, Resource.MEMORY, 0.5), 0.01, 0.9);
        var runs = new ArrayList<Observation>();
        for (int i = 0; i < 20; i++) {
            double time = 0.01 * (i + 1);
            var ideal = Map.of(Resource.COMPUTE, time, Resource.MEMORY, 0.7 * time);
            runs.add(new Observation("run " + i, ideal, truth.seconds(ideal) * Math.exp(0.05 * random.nextGaussian())));
        }
        assertWarned(
                "efficiency_compute cannot be told from these runs: compute hardly limits any of them, or always",
                runs);
        assertWarned("serial cannot be told from these runs, only that it is between", runs);
    }

    private static void assertWarned(String begin, List<Observation> runs) {
        List<String> warnings = RooflineFit.of(runs, FEW_DRAWS).warnings();
        assertTrue(
                warnings.stream().anyMatch(text -> text.startsWith(begin)),
                () -> "nothing begins with " + begin + " in " + warnings);
    }

    /** Next to nothing but arithmetic: what would happen if two resources took as long was never seen. */
    @Test
    void saysThatOverlapCannotBeTold() {
        assertWarned("serial cannot be told from these runs, only that it is between", hardlyStorage());
    }

    /** Steps of nearly the same length: a part of each may be work or overhead. */
    @Test
    void saysThatOverheadCannotBeTold() {
        var random = new Random(11);
        StepModel truth = new StepModel(Map.of(Resource.COMPUTE, 0.5), 0.05, 0.9);
        var runs = new ArrayList<Observation>();
        for (int i = 0; i < 20; i++) {
            var ideal = Map.of(Resource.COMPUTE, 0.05 * (1 + 0.005 * i));
            runs.add(new Observation("run " + i, ideal, truth.seconds(ideal) * Math.exp(0.05 * random.nextGaussian())));
        }
        assertWarned("overhead_seconds cannot be told from these runs, only that it is between", runs);
    }

    /** Nothing above 1.5 is tried. */
    @Test
    void saysWhereAnIntervalEndsBecauseTheSearchDoes() {
        var random = new Random(12);
        StepModel truth = new StepModel(Map.of(Resource.COMPUTE, 1.48), 0.001, 0.9);
        var runs = new ArrayList<Observation>();
        for (int i = 0; i < 20; i++) {
            var ideal = Map.of(Resource.COMPUTE, 0.1 * (i + 1));
            runs.add(new Observation("run " + i, ideal, truth.seconds(ideal) * Math.exp(0.05 * random.nextGaussian())));
        }
        assertWarned("the interval of efficiency_compute ends at 1.5, the most", runs);
    }

    @Test
    void saysWhichResourceNeverLimits() {
        assertWarned("efficiency_storage cannot be told from these runs: storage hardly limits", hardlyStorage());
    }

    /** Storage takes a thousandth of each step: whatever the noise makes of it, predictions may not count on it. */
    @Test
    void anEfficiencyThatCannotBeToldIsNoMoreThanTheCeiling() {
        RooflineFit fit = RooflineFit.of(hardlyStorage(), FEW_DRAWS);
        RooflineFit.Parameter storage =
                Objects.requireNonNull(fit.parameters().get(RooflineFit.efficiencyName(Resource.STORAGE)));
        assertTrue(storage.value() <= 1 + 1e-9, storage::toString);
        assertTrue(storage.high() > 1, storage::toString);
        assertTrue(
                fit.warnings().stream().anyMatch(text -> text.endsWith("(it is taken as no more than the ceiling)")),
                () -> String.join("\n", fit.warnings()));
        assertEquals(0.5, fit.model().efficiency().getOrDefault(Resource.COMPUTE, 0.0), 0.03);
    }

    private static List<Observation> hardlyStorage() {
        var random = new Random(6);
        StepModel truth = new StepModel(Map.of(Resource.COMPUTE, 0.5, Resource.STORAGE, 0.5), 0.001, 0.2);
        var runs = new ArrayList<Observation>();
        for (int i = 0; i < 20; i++) {
            var ideal = Map.of(Resource.COMPUTE, 0.1 * (i + 1), Resource.STORAGE, 1e-4 * (1 + random.nextDouble()));
            runs.add(new Observation("run " + i, ideal, truth.seconds(ideal) * Math.exp(0.05 * random.nextGaussian())));
        }
        return runs;
    }

    @Test
    void saysWhichEfficiencyIsAtItsBound() {
        var random = new Random(10);
        StepModel truth = new StepModel(Map.of(Resource.COMPUTE, 0.5, Resource.NETWORK, 0.002), 0.001, 0.9);
        var runs = new ArrayList<Observation>();
        for (int i = 0; i < 20; i++) {
            var ideal = Map.of(Resource.COMPUTE, 0.1 * (i + 1), Resource.NETWORK, 2e-3 * (1 + random.nextInt(5)));
            runs.add(new Observation("run " + i, ideal, truth.seconds(ideal) * Math.exp(0.05 * random.nextGaussian())));
        }
        List<String> warnings = RooflineFit.of(runs, FEW_DRAWS).warnings();
        assertTrue(
                warnings.stream().anyMatch(text -> text.startsWith("efficiency_network is 0.010, the least that")),
                warnings::toString);
    }

    @Test
    void namesTheBindingResource() {
        StepModel model = new StepModel(Map.of(Resource.COMPUTE, 1.0, Resource.NETWORK, 0.1), 0, 0.5);
        var ideal = new EnumMap<Resource, Double>(Map.of(Resource.COMPUTE, 0.5, Resource.NETWORK, 0.1));
        assertEquals(Resource.NETWORK, model.binding(ideal));
        assertEquals(Map.of(Resource.COMPUTE, 0.5, Resource.NETWORK, 1.0), model.alone(ideal));
    }

    @Test
    void serialIsBetweenMaximumAndSum() {
        Map<Resource, Double> ideal = Map.of(Resource.COMPUTE, 3.0, Resource.MEMORY, 4.0);
        Map<Resource, Double> full = Map.of(Resource.COMPUTE, 1.0, Resource.MEMORY, 1.0);
        assertEquals(7, new StepModel(full, 0, 1).seconds(ideal), 1e-12);
        assertEquals(5, new StepModel(full, 0, 0.5).seconds(ideal), 1e-12);
        assertEquals(4, new StepModel(full, 0, 0.02).seconds(ideal), 1e-3);
        assertEquals(9, new StepModel(full, 2, 1).seconds(ideal), 1e-12);
    }

    /**
     * The error of a held-out run has its own noise and that of the fit, together 0.05 sqrt(1 + 6 / 40) for six parameters; the
     * median of its amount is 0.674 of that, 0.0362. Of 200 such errors the median deviates by 1 / (2 density sqrt(200)) with the
     * density 2 x 0.318 / 0.0536: 0.0030, of which three are allowed.
     */
    @Test
    void heldOutErrorsAreOfTheSizeOfTheNoise() {
        var errors = new ArrayList<Double>();
        for (int machine = 0; machine < 5; machine++) {
            var random = new Random(70 + machine);
            var runs = SyntheticMachines.runs(SyntheticMachines.machine(random), 40, 0.05, random);
            CrossValidation held = CrossValidation.leaveGroupsOut(runs, known -> runs, 1);
            assertEquals(40, held.heldOut().size());
            held.heldOut().forEach(each -> errors.add(Math.abs(each.relativeError())));
        }
        double median =
                Quantile.of(errors.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
        assertEquals(0.0362, median, 3 * 0.0030);
    }

    @Test
    void refusesFewerRunsThanParameters() {
        var random = new Random(8);
        var runs = SyntheticMachines.runs(SyntheticMachines.machine(random), 6, 0, random);
        var thrown = assertThrows(IllegalArgumentException.class, () -> RooflineFit.of(runs, FEW_DRAWS));
        assertTrue(thrown.getMessage().contains("at least 7 runs"), thrown.getMessage());
    }

    @Test
    void refusesWhatIsNoObservation() {
        assertThrows(IllegalArgumentException.class, () -> new Observation("a", Map.of(Resource.COMPUTE, 1.0), 0));
        assertThrows(IllegalArgumentException.class, () -> new Observation("a", Map.of(), 1));
        assertThrows(
                IllegalArgumentException.class, () -> new Observation("a", Map.of(Resource.COMPUTE, Double.NaN), 1));
    }
}
