package org.mlhpc.roofline.kernels;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/** The clock while several threads work: the more cores are busy, the lower most processors set it. */
public final class LoadedClock {
    private static final int READINGS = 200;

    private LoadedClock() {}

    /**
     * Clock under so many threads by {@link NativeKernels}, which must be loaded, in hertz: the mean over threads of the highest
     * of several readings of each, since what disturbs a reading makes it lower; 0 if this cannot be measured.
     */
    public static double hertz(int threads) {
        return hertz(threads, READINGS, NativeKernels::clockHertz);
    }

    /** @param reading of the clock under the thread that calls, in hertz */
    static double hertz(int threads, int readings, DoubleSupplier reading) {
        var begin = new CyclicBarrier(threads);
        var atWork = new AtomicInteger(threads);
        Callable<Double> load = () -> {
            begin.await();
            double highest = highest(readings, reading, atWork);
            // Until the others are done, lest their clock rise.
            while (atWork.get() > 0) {
                var unused = reading.getAsDouble();
            }
            return highest;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            return mean(pool.invokeAll(Collections.nCopies(threads, load)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            pool.shutdownNow();
        }
    }

    private static double highest(int readings, DoubleSupplier reading, AtomicInteger atWork) {
        try {
            double highest = 0;
            for (int i = 0; i < readings; i++) {
                highest = Math.max(highest, reading.getAsDouble());
            }
            return highest;
        } finally {
            atWork.decrementAndGet();
        }
    }

    private static double mean(List<Future<Double>> clocks) throws InterruptedException {
        double sum = 0;
        for (Future<Double> clock : clocks) {
            try {
                sum += clock.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the clock cannot be read: " + e.getCause(), e);
            }
        }
        return sum / clocks.size();
    }
}
