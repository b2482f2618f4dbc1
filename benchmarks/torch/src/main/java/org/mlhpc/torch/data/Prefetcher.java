package org.mlhpc.torch.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Loading;

/**
 * The threads and batch buffers with which a data set reads ahead; kept from epoch to epoch, so that memory is touched
 * for the first time once. One {@link #read reader} at a time.
 */
public final class Prefetcher<B extends Batch> implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final List<Slot<B>> slots = new ArrayList<>();
    private final ExecutorService threads;
    private final int threadCount;
    private final Work work = new Work();

    /** As the other constructor. */
    public Prefetcher(ReadAhead ahead, Supplier<Slot<B>> newSlot) {
        this(ahead.threads(), ahead.batches(), newSlot);
    }

    /**
     * Prepares to read ahead.
     *
     * @param threads threads that decode
     * @param batchesAhead batches decoded before they are asked for, beside the one in use
     */
    public Prefetcher(int threads, int batchesAhead, Supplier<Slot<B>> newSlot) {
        for (int i = 0; i <= batchesAhead; i++) {
            slots.add(newSlot.get());
        }
        this.threadCount = threads;
        var number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            var thread = new Thread(task, "mlhpc-loader-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Yields {@code batches}, each the numbers of its samples, in this order whatever the number of threads. The reader
     * must be closed before the next one is opened.
     */
    public BatchReader<B> read(List<int[]> batches) {
        return new PrefetchingReader<>(batches, slots, threads, work);
    }

    /** As {@link #read(List)}, without the first {@code done} of the batches. */
    public BatchReader<B> read(List<int[]> batches, long done) {
        return read(batches.subList(Math.toIntExact(done), batches.size()));
    }

    /** What has been decoded so far. */
    public Loading loading() {
        return new Loading(
                work.samples.sum(), work.bytes.sum(), work.nanos.sum() * SECONDS_PER_NANOSECOND, threadCount);
    }

    /** Counted by the threads. */
    static final class Work {
        private final LongAdder samples = new LongAdder();
        private final LongAdder bytes = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        void decoded(long read, long nanoseconds) {
            samples.increment();
            bytes.add(read);
            nanos.add(nanoseconds);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                // Freeing memory a thread still writes to would crash the process: rather keep it.
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        slots.forEach(Slot::close);
    }
}
