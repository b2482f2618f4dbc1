package org.mlhpc.harness.bench.staging;

import java.util.Arrays;
import org.mlhpc.harness.bench.Contestant;

/** The time that the bytes take at a given rate: what nobody can beat who reads each of them once. */
record LeastTime(String label, double seconds) implements Contestant {
    @Override
    public double[] secondsPerSample(int warmUp, int repetitions) {
        double[] all = new double[repetitions];
        Arrays.fill(all, seconds);
        return all;
    }

    @Override
    public void close() {}
}
