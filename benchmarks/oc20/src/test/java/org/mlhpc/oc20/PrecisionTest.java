package org.mlhpc.oc20;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.data.GraphBatch;

/** Training on forces in bfloat16, whose derivatives of second order are in it too. */
class PrecisionTest {
    private static final int STEPS = 40;

    private static double[] losses(String precision) {
        Settings settings = Graphs.settings()
                .with(Map.of(
                        "precision", precision, "lr_initial", "0.01", "warmup_steps", "0", "lr_milestones", "1000"));
        GraphBatch batch = Graphs.batch(Graphs.graph(1), Graphs.graph(2));
        double[] losses = new double[STEPS];
        var run = new RunContext(new LocalCommunicator(), settings, 3, PhaseClock.none(), 1);
        try (var trainer = new OpenCatalyst().newTrainer(run)) {
            trainer.startEpoch(1);
            for (int step = 0; step < STEPS; step++) {
                losses[step] = trainer.step(batch);
            }
        }
        return losses;
    }

    /** Eight bits of mantissa, so the way down is not the same, but about as long or longer. */
    @Test
    void lossFallsInBfloat16AboutAsInSinglePrecision() {
        double[] single = losses("fp32");
        double[] half = losses("bf16");

        // A new network predicts no forces at all, whatever the precision.
        assertEquals(single[0], half[0], 1e-3 * single[0]);
        double fallen = single[0] - single[STEPS - 1];
        assertTrue(fallen > 0.1 * single[0], single[0] + " to " + single[STEPS - 1]);
        assertTrue(half[STEPS - 1] < half[0] - 0.5 * fallen, half[0] + " to " + half[STEPS - 1]);
    }
}
