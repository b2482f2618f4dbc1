package org.mlhpc.results.charts;

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

    private static String svg(Residual... runs) {
        var model = new StepModel(Map.of(Resource.COMPUTE, 0.5), 0.01, 0.5);
        var fit = new RooflineFit(model, Map.of(), List.of(runs), List.of(), List.of(), 0.95);
        return StackedTimes.of("stacked", "Stacked", fit).svg().replace(" ", "");
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
