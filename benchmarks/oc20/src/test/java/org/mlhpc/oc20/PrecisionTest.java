package org.mlhpc.oc20;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.ForceTraining.Objective;
import org.mlhpc.oc20.data.GraphBatch;
import org.mlhpc.torch.Precision;

/** Training on forces in bfloat16, whose derivatives of second order are in it too. */
class PrecisionTest {
    private static final int STEPS = 40;

    private static double[] losses(String precision) {
        Settings settings = Graphs.settings()
                .with(Map.of(
                        "precision", precision, "lr_initial", "0.001", "warmup_steps", "0", "lr_milestones", "1000"));
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

    /**
     * Eight bits of mantissa, so the way down is not the same, but about as long or longer. At ten times the rate the first step
     * throws the loss up, and where it is after forty is chance.
     */
    @Test
    void lossFallsInBfloat16AboutAsInSinglePrecision() {
        double[] single = losses("fp32");
        double[] half = losses("bf16");

        // A new network predicts no forces at all, and the loss of none is not rounded to bfloat16.
        assertEquals(single[0], half[0]);
        double fallen = single[0] - single[STEPS - 1];
        assertTrue(fallen > 0.1 * single[0], single[0] + " to " + single[STEPS - 1]);
        assertTrue(half[STEPS - 1] < half[0] - 0.5 * fallen, half[0] + " to " + half[STEPS - 1]);
    }

    /** Loss, and gradient of each parameter. */
    private static List<double[]> gradients(ScalarType type, Precision precision) {
        Settings settings = Graphs.settings();
        var net = Graphs.net(settings, type);
        try (var scope = new PointerScope();
                var single = Graphs.net(settings, ScalarType.Float);
                var training = new ForceTraining(net, settings.bind(Objective.class), new LocalCommunicator())) {
            try (var noGradient = new NoGradGuard()) {
                for (int i = 0; i < net.parameters().tensors().size(); i++) {
                    net.parameters()
                            .tensors()
                            .get(i)
                            .copy_(single.parameters().tensors().get(i));
                }
            }
            GraphBatch batch = Graphs.batch(Graphs.graph(1), Graphs.graph(2));
            training.prepare(batch);
            Tensor loss = precision.run(() -> training.loss(batch));
            loss.backward();
            var all = new ArrayList<double[]>();
            all.add(new double[] {loss.item_double()});
            for (Tensor weight : net.parameters().tensors()) {
                double[] values = new double[(int) weight.numel()];
                weight.grad()
                        .to(ScalarType.Double)
                        .contiguous()
                        .data_ptr_double()
                        .get(values);
                all.add(values);
            }
            return all;
        }
    }

    private static double length(double[] vector) {
        return Math.sqrt(Arrays.stream(vector).map(value -> value * value).sum());
    }

    /**
     * Some 130 operations follow each other, forward and in the derivative that forces are, and each rounds once, independently of the others:
     * forces are off by d = sqrt(130) roundings, 2^-24 or 2^-8, and so is the loss. The loss is of absolute errors, whose signs change
     * where an error is smaller than that, 0.4 d of them (0.4 is the normal density at 0), each by twice its part: gradients by sqrt(4 * 0.4 d) of their
     * length.
     */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void gradientsAreThoseOfDoublePrecision(Precision precision) {
        double forces = Math.sqrt(130) * Math.pow(2, precision == Precision.FP32 ? -24 : -8);
        double slopes = Math.sqrt(4 * 0.4 * forces);
        List<double[]> exact = gradients(ScalarType.Double, Precision.FP32);
        List<double[]> found = gradients(ScalarType.Float, precision);

        assertEquals(exact.get(0)[0], found.get(0)[0], forces * exact.get(0)[0]);
        double all = 0;
        double allError = 0;
        for (int i = 1; i < exact.size(); i++) {
            double[] difference = exact.get(i).clone();
            for (int k = 0; k < difference.length; k++) {
                difference[k] -= found.get(i)[k];
            }
            all = Math.hypot(all, length(exact.get(i)));
            allError = Math.hypot(allError, length(difference));
        }
        assertEquals(0, allError / all, slopes, "of the length of all gradients");
    }
}
