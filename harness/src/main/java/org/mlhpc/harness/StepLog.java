package org.mlhpc.harness;

import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Logging;
import org.mlhpc.api.Trainer;

/** What the log says of single training steps, for benchmarks whose reference logs them. */
final class StepLog {
    private static final String LOSS = "train_loss";

    private final Optional<Logging> logging;
    private final Communicator world;
    private final RunClock clock;
    private final RunLog log;
    /** Of this rank's batch, by log key; sorted, so that ranks add up the same values. */
    private final NavigableMap<String, Double> shown = new TreeMap<>();

    StepLog(Optional<Logging> logging, Communicator world, RunClock clock, RunLog log) {
        this.logging = logging;
        this.world = world;
        this.clock = clock;
        this.log = log;
    }

    /**
     * Whether a step is logged.
     *
     * @param number of the step in the run, from 1
     * @param last of its epoch
     */
    boolean shows(long number, boolean last) {
        return logging.isPresent() && (last || isDue(logging.get().everySteps(), number));
    }

    private static boolean isDue(int everySteps, long number) {
        return everySteps > 0 && number % everySteps == 0;
    }

    /** Makes a step that is logged, and returns its loss. Collective. */
    <B extends Batch> double step(Trainer<B> trainer, B batch) {
        shown.clear();
        double loss = trainer.step(batch, shown::put);
        shown.put(LOSS, loss);
        return loss;
    }

    /** Logs the step that was made last. Collective. */
    void write(int epoch, long number, double learningRate) throws IOException {
        double[] means =
                shown.values().stream().mapToDouble(Double::doubleValue).toArray();
        clock.await(() -> world.sum(means));
        Map<String, Object> metadata = Map.of("epoch_num", epoch, "step_num", number);
        log.point("learning_rate", learningRate, metadata);
        int next = 0;
        for (String key : shown.keySet()) {
            log.point(key, means[next++] / world.size(), metadata);
        }
    }
}
