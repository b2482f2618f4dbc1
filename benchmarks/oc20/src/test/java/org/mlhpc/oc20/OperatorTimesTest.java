package org.mlhpc.oc20;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.OperatorTime;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Trainer;
import org.mlhpc.oc20.data.GraphBatch;

/** The forward pass differentiates, so each gradient passes twice, and only the second time is backward. */
class OperatorTimesTest {
    @Test
    void everyOperatorHasATimeForwardAndBackwardAndTogetherTheyFillThePass() {
        var workload = new OpenCatalyst();
        Settings settings = Graphs.settings();
        var run = new RunContext(new LocalCommunicator(), settings, 0, PhaseClock.none(), 1);
        try (var scope = new PointerScope();
                Trainer<GraphBatch> trainer = workload.newTrainer(run)) {
            GraphBatch batch = Graphs.batch(Graphs.graph(1), Graphs.graph(2));
            trainer.timeOperators(batch);
            long begun = System.nanoTime();
            List<OperatorTime> times = trainer.timeOperators(batch);
            double seconds = (System.nanoTime() - begun) * 1e-9;

            assertEquals(
                    workload.stepWork(settings, 2).orElseThrow().operators().stream()
                            .map(OperatorWork::name)
                            .toList(),
                    times.stream().map(OperatorTime::name).toList());
            assertTrue(
                    times.stream().allMatch(time -> time.forwardSeconds() > 0 && time.backwardSeconds() > 0),
                    times.toString());
            double sum = times.stream()
                    .mapToDouble(time -> time.forwardSeconds() + time.backwardSeconds())
                    .sum();
            assertTrue(sum < seconds, sum + " s of " + seconds + " s in " + times);
        }
    }
}
