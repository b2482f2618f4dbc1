package org.mlhpc.api;

/**
 * What the log of a benchmark has beside what the rules ask for, because its reference logs it: learning rate, loss and what
 * else {@link Trainer#step(Batch, java.util.function.ObjDoubleConsumer)} tells of the last training step of each epoch.
 *
 * @param everySteps the same of each so manieth step of the run; 0 of none
 * @param targetReached key of the target in the log, once it is reached
 */
public record Logging(int everySteps, String targetReached) {
    public Logging {
        if (everySteps < 0) {
            throw new IllegalArgumentException("steps between those that are logged: " + everySteps);
        }
    }
}
