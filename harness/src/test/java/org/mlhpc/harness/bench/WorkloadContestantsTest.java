package org.mlhpc.harness.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Trainer;
import org.mlhpc.harness.HalvingWorkload;

class WorkloadContestantsTest {
    private static final Path ANYWHERE = Path.of(".");

    private final HalvingWorkload workload = new HalvingWorkload();
    private final RunContext context =
            new RunContext(new LocalCommunicator(), workload.settings("only"), 0, PhaseClock.none(), 1);

    @Test
    void timesTrainingSteps() throws IOException {
        try (var steps = new TrainingSteps<>("steps", new Roof(), workload, ANYWHERE, context)) {
            double[] seconds = steps.secondsPerSample(1, 4);

            assertEquals(4, seconds.length);
            assertTrue(Arrays.stream(seconds).allMatch(value -> value > 0));
            assertEquals(
                    Set.of("forward", "backward", "all_reduce", "optimizer"),
                    steps.parts().keySet());
        }
    }

    /** Warm-up is left out of the parts, as where kernels are compiled in the first step. */
    @Test
    void partsAreThoseOfTheTimedStepsAlone() throws IOException {
        var clock = new AtomicReference<>(PhaseClock.none());
        var slowAtFirst =
                new HalvingWorkload(step -> {
                    clock.get().enter(PhaseClock.Phase.FORWARD);
                    pass(step == 1 ? 0.05 : 0.001);
                }) {
                    @Override
                    public Trainer<One> newTrainer(RunContext run) {
                        clock.set(run.clock());
                        return super.newTrainer(run);
                    }
                };
        try (var steps = new TrainingSteps<>("steps", new Roof(), slowAtFirst, ANYWHERE, context)) {
            double whole = Arrays.stream(steps.secondsPerSample(1, 4)).sum();

            double forward = steps.parts().getOrDefault("forward", 0.0);
            assertTrue(forward >= 4 * 0.001, () -> forward + " s");
            // Parts of the steps, so no more than they; the first step alone would be.
            assertTrue(forward <= whole + 0.001, () -> forward + " s of " + whole + " s");
        }
    }

    private static void pass(double seconds) {
        long end = System.nanoTime() + Math.round(seconds * 1e9);
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void timesLoadingOfWholeEpochs() throws IOException {
        try (var loading = new EpochLoading<>("loading", workload, ANYWHERE, context)) {
            double[] seconds = loading.secondsPerSample(1, 4);

            assertEquals(4, seconds.length);
            assertTrue(Arrays.stream(seconds).allMatch(value -> value > 0));
        }
    }

    private static final class Roof implements Contestant {
        @Override
        public String label() {
            return "roof";
        }

        @Override
        public double[] secondsPerSample(int warmUp, int repetitions) {
            return new double[repetitions];
        }

        @Override
        public void close() {}
    }
}
