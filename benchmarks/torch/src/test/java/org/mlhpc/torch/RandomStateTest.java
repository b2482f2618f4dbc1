package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomStateTest {
    /** The engine keeps 32 bits, so that of 8000 states two are equal with a probability of 0.7 %; with these none are. */
    @Test
    void seedsOfDifferentPartsDiffer() {
        Set<Integer> states = new HashSet<>();
        for (int rank = 0; rank < 20; rank++) {
            for (int epoch = 1; epoch <= 20; epoch++) {
                for (long step = 0; step < 20; step++) {
                    states.add((int) RandomState.of(7, rank, epoch, step));
                }
            }
        }
        assertEquals(20 * 20 * 20, states.size());
        assertNotEquals(RandomState.of(7, 0, 1, 0), RandomState.of(8, 0, 1, 0));
    }
}
