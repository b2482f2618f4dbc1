package org.mlhpc.results.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class SeriesTest {
    @Test
    void ownRunsSayHowMuchTheyTrainOn() {
        assertEquals("own runs on 2,048 samples (unverified)", new Series("own runs", false, 2048).label());
        assertEquals("own runs (unverified)", new Series("own runs", false, 0).label());
        assertEquals("v1.0", new Series("1.0", true, 0).label());
    }

    @Test
    void ownRunsOnDifferentDataAreDifferentSeries() {
        var tiny = new Series("own runs", false, 2048);
        var reference = new Series("own runs", false, 524_288);

        assertNotEquals(0, Series.ORDER.compare(tiny, reference));
    }
}
