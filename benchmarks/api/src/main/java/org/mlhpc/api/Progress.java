package org.mlhpc.api;

/** Told how far a long piece of work has come. Implementations decide how often to show it; thread-safe. */
@FunctionalInterface
public interface Progress {
    /**
     * @param done units finished so far
     * @param total units in all
     * @param unit what is counted, in the plural
     */
    void report(long done, long total, String unit);

    /** Shows nothing. */
    static Progress none() {
        return (done, total, unit) -> {};
    }
}
