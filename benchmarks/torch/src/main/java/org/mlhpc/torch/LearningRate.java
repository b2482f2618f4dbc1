package org.mlhpc.torch;

/** A schedule of the learning rate. */
@FunctionalInterface
public interface LearningRate {
    /**
     * The rate of an update.
     *
     * @param epoch from 1
     * @param update updates of the weights before this one, of all epochs
     */
    double at(int epoch, long update);
}
