package org.mlhpc.results.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.fit.RooflineFit.Residual;
import org.mlhpc.roofline.fit.StepModel;

class StackedTimesTest {
    private static final String ORANGE = "rgb(230,159,0)";
    private static final String PURPLE = "rgb(204,121,167)";

    private static final Residual ALONE = new Residual(
            "one rank",
            0.2,
            0.2,
            Map.of(Resource.COMPUTE, 0.1, Resource.MEMORY, 0.1, Resource.STORAGE, 0.1),
            Resource.COMPUTE);
    private static final Residual BOTH =
            new Residual("two ranks", 0.2, 0.2, Map.of(Resource.NETWORK, 0.1, Resource.LOADER, 0.1), Resource.NETWORK);

    private static Figure figure(Residual... runs) {
        var model = new StepModel(Map.of(Resource.COMPUTE, 0.5), 0.01, 0.5);
        var fit = new RooflineFit(model, Map.of(), List.of(runs), List.of(), List.of(), 0.95);
        return StackedTimes.of("stacked", "Stacked", fit);
    }

    private static String svg(Residual... runs) {
        return figure(runs).svg().replace(" ", "");
    }

    /** As percent of the measured step: 180 of 200 ms. */
    @Test
    void fittedStepsStandBesideTheMeasuredOnes() {
        var slow = new Residual("slow", 0.2, 0.18, Map.of(Resource.COMPUTE, 0.1), Resource.COMPUTE);
        List<List<String>> rows = figure(slow).texts();
        assertTrue(rows.contains(List.of("slow", "compute", "100.000", "50.0000")), rows::toString);
        assertTrue(rows.contains(List.of("slow", "overhead", "10.0000", "5.00000")), rows::toString);
        assertTrue(rows.contains(List.of("slow", "fitted", "180.000", "90.0000")), rows::toString);
        assertTrue(rows.contains(List.of("slow", "measured", "200.000", "100.000")), rows::toString);
    }

    @Test
    void runsOfTheSameNameHaveABarEach() {
        assertTrue(svg(ALONE, ALONE).contains("onerank(2)"));
        assertFalse(svg(ALONE, BOTH).contains("(2)"));
    }

    /** Long labels would be cut where they differ; files have them whole. */
    @Test
    void whatAllLabelsBeginWithStandsOnce() {
        var small = new Residual("net, batch 4, size=32", 0.2, 0.2, Map.of(Resource.COMPUTE, 0.1), Resource.COMPUTE);
        var large = new Residual("net, batch 4, size=64", 0.2, 0.2, Map.of(Resource.COMPUTE, 0.1), Resource.COMPUTE);
        Figure figure = figure(small, large);
        String drawn = figure.svg();
        assertEquals(drawn.indexOf("net, batch 4"), drawn.lastIndexOf("net, batch 4"));
        assertTrue(drawn.contains(">size=64<"), drawn);
        assertTrue(figure.texts().stream().anyMatch(row -> row.get(0).equals("net, batch 4, size=64")));
        assertTrue(svg(ALONE, BOTH).contains(">onerank<"));
    }

    /** Whatever the first run has or lacks. */
    @Test
    void resourcesHaveTheColoursThatTheyHaveElsewhere() {
        assertFalse(svg(ALONE).contains(ORANGE), "orange is the network");
        assertFalse(svg(ALONE).contains(PURPLE), "purple is the loader");
        assertTrue(svg(ALONE, BOTH).contains(ORANGE));
        assertTrue(svg(ALONE, BOTH).contains(PURPLE));
    }
}
