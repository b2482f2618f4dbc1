package org.mlhpc.harness.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.RunClock;

/** Training steps of a workload on one batch that stays in memory. */
public final class TrainingSteps<B extends Batch> implements Contestant {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;
    private static final List<Phase> PARTS = List.of(Phase.FORWARD, Phase.BACKWARD, Phase.ALL_REDUCE, Phase.OPTIMIZER);

    private final String label;
    private final Contestant roof;
    private final RunClock clock = new RunClock(System::nanoTime, 0);
    /** Seconds of the timed steps alone. */
    private final Map<Phase, Double> timedSeconds = new EnumMap<>(Phase.class);

    private final Dataset<B> dataset;
    private final BatchReader<B> batches;
    private final Trainer<B> trainer;

    /**
     * Loads the batch and builds the model. Collective.
     *
     * @param roof the matrix products in the same precision
     * @param run as of a run; its clock is not used
     * @throws IOException if {@code data} does not hold the data set
     */
    public TrainingSteps(String label, Contestant roof, Workload<B> workload, Path data, RunContext run)
            throws IOException {
        this.label = label;
        this.roof = roof;
        var timed = new RunContext(run.world(), run.settings(), run.seed(), clock, run.threads());
        this.dataset = workload.openDataset(data, timed);
        this.batches = dataset.train(1);
        if (!batches.next()) {
            throw new IOException(data + " does not hold a training batch");
        }
        this.trainer = workload.newTrainer(timed);
        trainer.startEpoch(1);
    }

    /** The batch of all steps, valid until {@link #close}. */
    B batch() {
        return batches.batch();
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Optional<Contestant> roof() {
        return Optional.of(roof);
    }

    @Override
    public double[] secondsPerSample(int warmUp, int repetitions) {
        B batch = batches.batch();
        for (int i = 0; i < warmUp; i++) {
            trainer.step(batch);
        }
        clock.enter(Phase.HARNESS);
        PARTS.forEach(phase -> timedSeconds.merge(phase, -clock.seconds(phase), Double::sum));
        double[] seconds = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            long begin = System.nanoTime();
            trainer.step(batch);
            seconds[i] = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND / batch.samples();
            clock.enter(Phase.HARNESS);
        }
        PARTS.forEach(phase -> timedSeconds.merge(phase, clock.seconds(phase), Double::sum));
        return seconds;
    }

    @Override
    public Map<String, Double> parts() {
        var parts = new LinkedHashMap<String, Double>();
        PARTS.forEach(phase -> parts.put(phase.name().toLowerCase(Locale.ROOT), timedSeconds.getOrDefault(phase, 0.0)));
        return parts;
    }

    @Override
    public void close() {
        batches.close();
        trainer.close();
        dataset.close();
    }
}
