package org.mlhpc.harness.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Workload;

/** Loading without training, a whole epoch at a time; the first pass brings the files into the page cache. */
public final class EpochLoading<B extends Batch> implements Contestant {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final String label;
    private final Dataset<B> dataset;
    private int epoch;

    /**
     * Opens the data set. Collective.
     *
     * @param run says with how many threads to load
     * @throws IOException if {@code data} does not hold the data set
     */
    public EpochLoading(String label, Workload<B> workload, Path data, RunContext run) throws IOException {
        this.label = label;
        this.dataset = workload.openDataset(data, run);
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public double[] secondsPerSample(int warmUp, int repetitions) throws IOException {
        for (int i = 0; i < warmUp; i++) {
            epoch();
        }
        double[] seconds = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            seconds[i] = epoch();
        }
        return seconds;
    }

    /** In an epoch, over all ranks. */
    long samples() {
        return dataset.trainSamples();
    }

    private double epoch() throws IOException {
        long begin = System.nanoTime();
        long samples = 0;
        try (BatchReader<B> batches = dataset.train(++epoch)) {
            while (batches.next()) {
                samples += batches.batch().samples();
            }
        }
        return (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND / samples;
    }

    @Override
    public void close() {
        dataset.close();
    }
}
