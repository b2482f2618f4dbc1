package org.mlhpc.api;

import java.io.IOException;
import java.util.Optional;

/** This rank's shard of the training and validation data. */
public interface Dataset<B extends Batch> extends AutoCloseable {
    /** Training samples of one epoch over all ranks: without those that are dropped, with those that come twice. */
    long trainSamples();

    /**
     * Training samples as the log states them: where the benchmark counts each sample of the set once, also those that the
     * last incomplete batch drops or fills up with, other than {@link #trainSamples}.
     */
    default long loggedTrainSamples() {
        return trainSamples();
    }

    /** Validation samples over all ranks, each counted once. */
    long validationSamples();

    /** Training steps of one epoch, equal on every rank. */
    long stepsPerEpoch();

    /** Opens the training shard in the order of {@code epoch} (from 1); every rank yields {@link #stepsPerEpoch()}. */
    default BatchReader<B> train(int epoch) throws IOException {
        return train(epoch, 0);
    }

    /** As {@link #train(int)} behind its first {@code stepsDone} batches, which are not read. */
    BatchReader<B> train(int epoch, long stepsDone) throws IOException;

    /** Opens the validation shard: every sample on exactly one rank, so the ranks' batch counts may differ. */
    BatchReader<B> validation() throws IOException;

    /** What the loader has done so far; empty if the data set does not count. */
    default Optional<Loading> loading() {
        return Optional.empty();
    }

    @Override
    void close();
}
