package org.mlhpc.harness.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
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
