package org.mlhpc.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/** Model, optimizer and gradient exchange. Batch methods return after the device has finished. */
public interface Trainer<B extends Batch> extends AutoCloseable {
    /** As {@link #startEpoch(int, long)}, from the first step on. */
    default void startEpoch(int epoch) {
        startEpoch(epoch, 0);
    }

    /**
     * Sets learning rate and random state for what follows the first {@code stepsDone} steps of {@code epoch} (from 1). The
     * learning rate depends on nothing but epoch and updates so far, and the random state of each step on nothing but seed, rank,
     * epoch and step, so a resumed run continues as an uninterrupted one.
     */
    void startEpoch(int epoch, long stepsDone);

    /** The learning rate of the last update, or of the next one at the start of an epoch. */
    double learningRate();

    /**
     * Forward, backward, all-reduce of gradients, update. Collective.
     *
     * @return the loss of this rank's batch, not finite if training has diverged
     */
    double step(B batch);

    /**
     * As {@link #step(Batch)}, also telling what else of this rank's batch the log shows, by log key; the same keys on all
     * ranks. Takes longer. Collective.
     */
    default double step(B batch, ObjDoubleConsumer<String> shown) {
        return step(batch);
    }

    /**
     * Forward, backward and all-reduce of one batch without an update, timed operator by operator, in forward order.
     * Empty if this trainer cannot tell. Collective.
     */
    default List<OperatorTime> timeOperators(B batch) {
        return List.of();
    }

    /** Brings what each rank has gathered on its own, such as running statistics, together. Before each evaluation; collective. */
    default void beginEvaluation() {}

    /** Sums the target metric needs, for one validation batch. Sums add up over batches and ranks. Not collective. */
    double[] validate(B batch);

    /** The target metric, from the sums over the whole validation set. */
    double metric(double[] sums);

    /** What else the log shows of an evaluation, by log key, from the same sums. */
    default Map<String, Double> shown(double[] sums) {
        return Map.of();
    }

    /**
     * Writes weights and optimizer state to {@code file}, enough to continue training. Not collective; all ranks hold
     * the same state.
     */
    void saveState(Path file) throws IOException;

    /**
     * Restores what {@link #saveState} wrote.
     *
     * @throws IOException if the file is damaged or belongs to another model; the message names file and tensor
     */
    void loadState(Path file) throws IOException;

    /** Writes the weights alone, under the parameter names of the reference implementation. */
    void exportWeights(Path file) throws IOException;

    /** Replaces the initial weights by those of {@code file}. */
    void importWeights(Path file) throws IOException;

    @Override
    void close();
}
