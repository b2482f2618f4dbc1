package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.OperatorTime;

class OperatorTimerTest {
    private static final int OPERATORS = 20;

    /** Gradients of all outputs together take as much memory as all outputs; backward alone frees each of them at once. */
    @Test
    void timesEachOperatorAndKeepsNoGradient() {
        try (var scope = new PointerScope()) {
            var timer = new OperatorTimer();
            Tensor x = torch.ones(1000).set_requires_grad(true);
            for (int i = 0; i < OPERATORS; i++) {
                x = torch.sin(x);
                timer.after("sin" + i, x);
            }
            Tensor sum = x.sum();
            long before = Pointer.totalCount();
            sum.backward();
            long kept = Pointer.totalCount() - before;

            List<OperatorTime> times = timer.times(System.nanoTime());

            assertEquals(OPERATORS, times.size());
            assertTrue(times.stream().allMatch(time -> time.forwardSeconds() > 0 && time.backwardSeconds() > 0));
            assertTrue(kept < OPERATORS, kept + " native objects more than before backward");
        }
    }

    /** Their gradient came while forward was differentiated, and does not come again. */
    @Test
    void anOutputThatBackwardDoesNotReachIsAnErrorAndNotATime() {
        try (var scope = new PointerScope()) {
            Tensor x = torch.ones(3).set_requires_grad(true);
            Tensor cube = x.mul(x).mul(x);
            var timer = new OperatorTimer();
            Tensor energy = cube.sum();
            timer.after("energy", energy);
            Tensor slope = torch.grad(
                            new TensorVector(energy),
                            new TensorVector(x),
                            new TensorVector(),
                            new BoolOptional(true),
                            true,
                            false)
                    .get(0);
            Tensor loss = slope.square().sum();
            timer.after("loss", loss);
            loss.backward();

            var e = assertThrows(IllegalStateException.class, () -> timer.times(System.nanoTime()));

            assertTrue(e.getMessage().contains("operator energy"), e.getMessage());
        }
    }
}
