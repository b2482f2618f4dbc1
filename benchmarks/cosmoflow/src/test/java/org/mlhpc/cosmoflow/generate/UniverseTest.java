package org.mlhpc.cosmoflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class UniverseTest {
    private static final int DRAWS = 2_000;

    /** One in a thousand sets of uniform draws has a larger distance: Kolmogorov's 1.95 / sqrt(n). */
    private static final double LARGEST_DISTANCE = 1.95 / Math.sqrt(DRAWS);

    private static GeneratorSettings settings(int train, int validation) {
        return new GeneratorSettings(
                8,
                train,
                validation,
                16,
                4,
                "1",
                List.of(CosmologicalParameter.OMEGA_M, CosmologicalParameter.SIGMA_8),
                0.3,
                List.of(3.0, 1.5, 0.5, 0.0),
                GeneratorSettings.Compression.GZIP);
    }

    @Test
    void labelsAreUniformBetweenMinusOneAndOne() {
        var prior = new ParameterPrior(EnumSet.allOf(CosmologicalParameter.class), 0.3);
        var random = new SplittableRandom(1);
        List<Label> labels = java.util.stream.Stream.generate(() -> prior.draw(random))
                .limit(DRAWS)
                .toList();
        assertUniform(labels, Label::omegaM);
        assertUniform(labels, Label::sigma8);
        assertUniform(labels, Label::spectralIndex);
        assertUniform(labels, Label::hubble);
    }

    private static void assertUniform(List<Label> labels, ToDoubleFunction<Label> component) {
        double[] sorted = labels.stream().mapToDouble(component).sorted().toArray();
        double distance = 0;
        for (int i = 0; i < sorted.length; i++) {
            double expected = (sorted[i] + 1) / 2;
            distance = Math.max(distance, Math.abs(expected - (i + 0.5) / sorted.length));
        }
        assertTrue(distance < LARGEST_DISTANCE, "Kolmogorov-Smirnov distance " + distance);
    }

    @Test
    void labelsAreTheRelativeOffsetsFromThePlanckValuesOverTheSpread() {
        var prior = new ParameterPrior(EnumSet.allOf(CosmologicalParameter.class), 0.3);
        Cosmology cosmology = prior.cosmology(new Label(1, -1, 0.5f, 0));
        assertEquals(0.3089 * 1.3, cosmology.omegaM(), 1e-9);
        assertEquals(0.8159 * 0.7, cosmology.sigma8(), 1e-9);
        assertEquals(0.9667 * 1.15, cosmology.spectralIndex(), 1e-9);
        assertEquals(0.6774, cosmology.h(), 1e-9);
    }

    @Test
    void parametersThatDoNotVaryHaveThePlanckValueAndTheLabelZero() {
        for (Universe universe : Universe.plan(settings(80, 8), 1)) {
            assertEquals(0, universe.label().spectralIndex());
            assertEquals(0, universe.label().hubble());
            assertEquals(0.9667, universe.cosmology().spectralIndex(), 1e-9);
            assertEquals(0.6774, universe.cosmology().h(), 1e-9);
            assertNotEquals(0, universe.label().omegaM());
        }
    }

    @Test
    void universesSufficeForTheSamplesAndShareNeitherPhasesNorParameters() {
        List<Universe> universes = Universe.plan(settings(20, 9), 1);
        assertEquals(
                List.of(8, 8, 4, 8, 1),
                universes.stream().map(Universe::samples).toList());
        var seeds = new HashSet<Long>();
        var labels = new HashSet<Label>();
        for (Universe universe : universes) {
            assertTrue(seeds.add(universe.seed()) && labels.add(universe.label()), universe::toString);
        }
    }

    @Test
    void aSplitDoesNotDependOnTheSizeOfTheOther() {
        Universe last = Universe.plan(settings(8, 8), 1).get(1);
        assertEquals(last, Universe.plan(settings(80, 8), 1).get(10));
    }
}
