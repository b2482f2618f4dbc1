package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mlhpc.api.Target.Goal;

class TargetTest {
    @Test
    void theThresholdItselfReachesTheTarget() {
        var error = new Target("eval_error", Goal.AT_MOST, 0.124);
        assertTrue(error.reachedBy(0.124));
        assertTrue(error.reachedBy(0.1));
        assertFalse(error.reachedBy(Math.nextUp(0.124)));
        var accuracy = new Target("eval_accuracy", Goal.AT_LEAST, 0.82);
        assertTrue(accuracy.reachedBy(0.82));
        assertFalse(accuracy.reachedBy(Math.nextDown(0.82)));
    }

    @Test
    void notANumberNeverReachesATarget() {
        assertFalse(new Target("eval_error", Goal.AT_MOST, 0.124).reachedBy(Double.NaN));
        assertFalse(new Target("eval_accuracy", Goal.AT_LEAST, 0.82).reachedBy(Double.NaN));
    }
}
