package org.mlhpc.roofline.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.roofline.Resource;

class StepModelTest {
    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 7, Double.NaN, Double.POSITIVE_INFINITY})
    void efficienciesThatNoFitGivesAreRefused(double efficiency) {
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> new StepModel(Map.of(Resource.MEMORY, efficiency), 0, 0.5));
        assertTrue(thrown.getMessage().startsWith("efficiency of memory is " + efficiency), thrown.getMessage());
    }

    @Test
    void overheadLimitsFromHalfOfAStepOn() {
        var model = new StepModel(Map.of(Resource.COMPUTE, 1.0), 0.1, 0.5);
        assertEquals("compute", residual(model, 0.1001).limit(model));
        assertEquals("overhead", residual(model, 0.0999).limit(model));
    }

    private static RooflineFit.Residual residual(StepModel model, double compute) {
        return RooflineFit.Residual.of(new Observation("run", Map.of(Resource.COMPUTE, compute), 1), model);
    }

    @Test
    void intervalsThatEndAtTheLeastEfficiencyAreDoubted() {
        var space = new ParameterSpace(List.of(Resource.COMPUTE, Resource.NETWORK), 1, Set.of());
        double[] values = {Math.log(0.5), Math.log(0.1), 0.01, 0.5};
        double[] low = {Math.log(0.4), Math.log(0.0101), 0, 0.4};
        double[] high = {Math.log(0.6), Math.log(0.3), 0.02, 0.6};
        List<Doubt> doubts = new OpenIntervals(space, low, high).doubts(values);
        assertEquals(1, doubts.size());
        assertTrue(doubts.get(0).concerns(Set.of(Resource.NETWORK), false));
        assertTrue(doubts.get(0).text().startsWith("the interval of efficiency_network ends at 0.01"));
    }

    @Test
    void anUnknownOverheadConcernsStepsWhereItMatters() {
        var space = new ParameterSpace(List.of(Resource.COMPUTE), 1, Set.of());
        double[] low = {Math.log(0.4), 0, 0.4};
        double[] high = {Math.log(0.6), 0.9, 0.6};
        Doubt doubt = new OpenIntervals(space, low, high)
                .doubts(new double[] {Math.log(0.5), 0.4, 0.5})
                .get(0);
        assertFalse(doubt.concerns(Set.of(Resource.COMPUTE), false));
        assertTrue(doubt.concerns(Set.of(Resource.COMPUTE), true));
    }
}
