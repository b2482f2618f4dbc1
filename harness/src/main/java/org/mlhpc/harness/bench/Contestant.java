package org.mlhpc.harness.bench;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Something whose repeated steps are timed beside others'. */
public interface Contestant extends AutoCloseable {
    String label();

    /**
     * Repeats the step, first {@code warmUp} times without timing it. Collective.
     *
     * @return seconds per sample of this process in each of {@code repetitions} steps
     * @throws IOException if a program or file fails
     */
    double[] secondsPerSample(int warmUp, int repetitions) throws IOException;

    /** The contestant no better than which this one can be; empty if none takes part. */
    default Optional<Contestant> roof() {
        return Optional.empty();
    }

    /** Seconds so far by part of the step; empty where the parts are not known. */
    default Map<String, Double> parts() {
        return Map.of();
    }

    @Override
    void close();
}
