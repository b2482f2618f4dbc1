package org.mlhpc.roofline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void interpolatesBetweenSortedValues() {
        // Definition 7: the quartile of n values is at rank 1 + (n - 1) / 4, here 1.75 and 3.25.
        assertEquals(new Spread(2.5, 1.75, 3.25, 4), Spread.of(4, 1, 3, 2));
    }

    @Test
    void ofOneValueIsThatValue() {
        assertEquals(new Spread(7, 7, 7, 1), Spread.of(7));
    }

    @Test
    void ofNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, Spread::of);
    }
}
