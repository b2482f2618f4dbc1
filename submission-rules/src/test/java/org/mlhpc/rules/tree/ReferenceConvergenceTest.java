package org.mlhpc.rules.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceConvergenceTest {
    private static int runs(String benchmark) {
        return benchmark.equals("cosmoflow") || benchmark.equals("openfold") ? 10 : 5;
    }

    /** Means and limits as the official checker prints them, to the digits it prints; its bisection stops at 1e-4 epochs. */
    @ParameterizedTest
    @CsvSource({
        "cosmoflow, 3.0.0, 32, 7.871, 7.322",
        "cosmoflow, 1.0.0, 128, 17.889, 17.473",
        "cosmoflow, 3.0.0, 512, 22.833, 22.200",
        "cosmoflow, 3.0.0, 1024, 40.056, 38.463",
        "deepcam, 2.0.0, 128, 6.944, 6.309",
        "deepcam, 1.0.0, 256, 9.000, 9.000",
        "deepcam, 3.0.0, 1024, 13.000, 12.445",
        "deepcam, 3.0.0, 2048, 22.625, 21.110",
        "oc20, 3.0.0, 256, 19.750, 18.200",
        "oc20, 3.0.0, 1024, 24.375, 23.038",
        "oc20, 3.0.0, 2048, 32.875, 31.628",
        "openfold, 3.0.0, 128, 88746.667, 82378.1",
        "openfold, 3.0.0, 256, 133120, 123132"
    })
    void limitsAreTheOfficialOnes(String benchmark, String ruleset, long batch, double mean, double smallest) {
        ReferenceConvergence.Limit limit = ReferenceConvergence.of(benchmark, ruleset, runs(benchmark))
                .limit(batch)
                .orElseThrow();

        assertEquals(mean, limit.mean(), 1e-5 * mean + 1e-3);
        assertEquals(smallest, limit.smallestAccepted(), 1e-5 * mean + 1e-3);
    }

    @Test
    void aBatchSizeBetweenTwoPointsIsInterpolated() {
        ReferenceConvergence oc20 = ReferenceConvergence.of("oc20", "3.0.0", 5);

        assertEquals(22.0625, oc20.limit(640).orElseThrow().mean(), 1e-12);
        assertTrue(oc20.limit(4096).isEmpty(), "above all points there is no limit");
        assertEquals(oc20.limit(256), oc20.limit(64), "below all points the smallest counts");
    }

    @Test
    void slowPointsAreNoPoints() {
        ReferenceConvergence deepcam = ReferenceConvergence.of("deepcam", "2.0.0", 5);

        assertEquals(128, deepcam.smallestBatch());
        // 256 and 512 are slower than the line from 128 to 1024.
        assertEquals(
                6.9444444 + (13 - 6.9444444) * 128 / 896,
                deepcam.limit(256).orElseThrow().mean(),
                1e-6);
    }

    @Test
    void fasterThanTheMeanIsScaledToTheMean() {
        var limit = new ReferenceConvergence.Limit(20, 18);

        assertEquals(20.0 / 19, limit.factor(19), 1e-15);
        assertEquals(1, limit.factor(21));
        assertTrue(limit.accepts(18));
        assertTrue(!limit.accepts(17.9));
    }
}
