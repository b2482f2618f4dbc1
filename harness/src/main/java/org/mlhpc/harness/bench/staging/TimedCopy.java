package org.mlhpc.harness.bench.staging;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.api.Communicator;
import org.mlhpc.harness.bench.Contestant;
import org.mlhpc.roofline.FileTree;

/**
 * Copies of a folder by one way, each to an empty destination with a cold cache, until the copy is on the device. A
 * "sample" is the whole folder.
 */
final class TimedCopy implements Contestant {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private static final long SETTLE_MILLIS = 2000;

    private final Way way;
    private final Path source;
    private final Path destination;
    private final Communicator world;
    private final Cold cold;

    /** A way to copy a folder. */
    interface Way {
        String label();

        /** Copies {@code source} to {@code destination}, which is not there yet. Collective. */
        void copy(Path source, Path destination) throws IOException;
    }

    /** Empties caches. */
    interface Cold {
        void make() throws IOException;
    }

    /** @param destination a folder of this rank's node, for this contest alone */
    TimedCopy(Way way, Path source, Path destination, Communicator world, Cold cold) {
        this.way = way;
        this.source = source;
        this.destination = destination;
        this.world = world;
        this.cold = cold;
    }

    @Override
    public String label() {
        return way.label();
    }

    @Override
    public double[] secondsPerSample(int warmUp, int repetitions) throws IOException {
        double[] seconds = new double[repetitions];
        for (int i = -warmUp; i < repetitions; i++) {
            if (world.node().rank() == 0) {
                FileTree.delete(destination);
                CopyProgram.sync(source);
                cold.make();
                settle();
            }
            world.barrier();
            long begin = System.nanoTime();
            way.copy(source, destination);
            if (world.node().rank() == 0) {
                CopyProgram.sync(destination);
            }
            world.barrier();
            if (i >= 0) {
                // A contest divides by the ranks, which elsewhere work on samples of their own.
                seconds[i] = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND * world.size();
            }
        }
        return seconds;
    }

    /** What the previous copy's removal leaves to the device, such as discards, must not meet the next one. */
    private static void settle() throws IOException {
        try {
            Thread.sleep(SETTLE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted between copies", e);
        }
    }

    /** Leaves nothing on the disk. */
    @Override
    public void close() {
        if (world.node().rank() == 0) {
            try {
                FileTree.delete(destination);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
