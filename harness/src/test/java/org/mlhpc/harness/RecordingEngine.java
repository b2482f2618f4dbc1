package org.mlhpc.harness;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.mlhpc.api.Engine;

/** An engine that computes nothing, and counts how often it was started. */
public final class RecordingEngine implements Engine {
    static final AtomicInteger STARTS = new AtomicInteger();

    @Override
    public void start() {
        STARTS.incrementAndGet();
    }

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public String accelerator() {
        return "";
    }

    @Override
    public List<String> fastPrecisions() {
        return List.of();
    }

    @Override
    public double[] matmulFlopPerSecond(String precision, int threads, int iterations, int iterationMillis) {
        return new double[iterations];
    }

    @Override
    public double[] convolutionFlopPerSecond(String precision, int threads, int iterations, int iterationMillis) {
        return new double[iterations];
    }

    @Override
    public long nativeBytes() {
        return 0;
    }
}
