package org.mlhpc.harness.mpi;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Trainer;

/** A trainer that may die, or get into trouble, in its second epoch: after a step, before an evaluation, or with a state file just written. */
final class DoomedTrainer implements Trainer<Batch> {
    private static final int FATAL_EPOCH = 2;
    /** Relative to the working directory of the job. */
    private static final Path STOP_FILE = Path.of(DoomedWorkload.OUT, "stop_0");

    private final Trainer<Batch> real;
    private final Doom doom;
    private int epoch;

    DoomedTrainer(Trainer<Batch> real, Doom doom) {
        this.real = real;
        this.doom = doom;
    }

    private void strike(Doom.Moment now) {
        if (epoch == FATAL_EPOCH) {
            doom.strike(now);
        }
    }

    @Override
    public void startEpoch(int next, long stepsDone) {
        epoch = next;
        real.startEpoch(next, stepsDone);
    }

    @Override
    public double learningRate() {
        return real.learningRate();
    }

    @Override
    public double step(Batch batch) {
        double loss = real.step(batch);
        strike(Doom.Moment.STEP);
        if (epoch == FATAL_EPOCH) {
            doom.trouble(STOP_FILE);
        }
        return loss;
    }

    @Override
    public void beginEvaluation() {
        real.beginEvaluation();
    }

    @Override
    public double[] validate(Batch batch) {
        strike(Doom.Moment.EVALUATION);
        return real.validate(batch);
    }

    @Override
    public double metric(double[] sums) {
        return real.metric(sums);
    }

    @Override
    public void saveState(Path file) throws IOException {
        real.saveState(file);
        strike(Doom.Moment.CHECKPOINT);
    }

    @Override
    public void loadState(Path file) throws IOException {
        real.loadState(file);
    }

    @Override
    public void exportWeights(Path file) throws IOException {
        real.exportWeights(file);
    }

    @Override
    public void importWeights(Path file) throws IOException {
        real.importWeights(file);
    }

    @Override
    public void close() {
        real.close();
    }
}
