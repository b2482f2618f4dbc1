package org.mlhpc.harness.bench;

import java.util.Arrays;
import org.mlhpc.api.Engine;

/** The engine's large matrix products: the time a sample would take if all its arithmetic ran at their rate. */
public final class MatrixProducts implements Contestant {
    private final Engine engine;
    private final String precision;
    private final int threads;
    private final double flopPerSample;

    /** @param flopPerSample of a training step */
    public MatrixProducts(Engine engine, String precision, int threads, double flopPerSample) {
        this.engine = engine;
        this.precision = precision;
        this.threads = threads;
        this.flopPerSample = flopPerSample;
    }

    @Override
    public String label() {
        return "matrix products in " + precision;
    }

    @Override
    public double[] secondsPerSample(int warmUp, int repetitions) {
        double[] rates = engine.matmulFlopPerSecond(precision, threads, repetitions, 0);
        return Arrays.stream(rates).map(rate -> flopPerSample / rate).toArray();
    }

    @Override
    public void close() {}
}
