package org.mlhpc.torch.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;

/**
 * Batch k lives in slot k modulo the number of slots. Its samples are decoded as soon as that slot is free, so the order
 * of batches and of samples in them never depends on which thread is faster.
 */
final class PrefetchingReader<B extends Batch> implements BatchReader<B> {
    private final List<int[]> batches;
    private final List<Slot<B>> slots;
    private final ExecutorService threads;
    private final Prefetcher.Work work;
    private final List<List<Future<?>>> underWay = new ArrayList<>();
    /** Held for reading while a sample is decoded: to get it for writing is to wait for all of those. */
    private final ReadWriteLock decoding = new ReentrantReadWriteLock();

    private volatile boolean closed;
    private int current = -1;

    PrefetchingReader(List<int[]> batches, List<Slot<B>> slots, ExecutorService threads, Prefetcher.Work work) {
        this.work = work;
        this.batches = batches;
        this.slots = slots;
        this.threads = threads;
        for (int k = 0; k < slots.size(); k++) {
            underWay.add(List.of());
            start(k);
        }
    }

    private void start(int batch) {
        if (batch >= batches.size()) {
            return;
        }
        int[] samples = batches.get(batch);
        Slot<B> slot = slots.get(batch % slots.size());
        var missing = new AtomicInteger(samples.length);
        var tasks = new ArrayList<Future<?>>(samples.length);
        for (int i = 0; i < samples.length; i++) {
            int position = i;
            tasks.add(threads.submit(() -> {
                decode(slot, samples, position, missing);
                return position;
            }));
        }
        underWay.set(batch % slots.size(), tasks);
    }

    /** Whoever decodes the last of the batch's samples completes it. */
    private void decode(Slot<B> slot, int[] samples, int position, AtomicInteger missing) throws IOException {
        decoding.readLock().lock();
        try {
            if (!closed) {
                long begin = System.nanoTime();
                long bytes = slot.decode(position, samples[position]);
                if (missing.decrementAndGet() == 0) {
                    slot.complete(samples.length);
                }
                work.decoded(bytes, System.nanoTime() - begin);
            }
        } finally {
            decoding.readLock().unlock();
        }
    }

    @Override
    public boolean next() throws IOException {
        if (current >= 0) {
            start(current + slots.size());
        }
        if (current + 1 >= batches.size()) {
            current = batches.size();
            return false;
        }
        current++;
        for (Future<?> sample : underWay.get(current % slots.size())) {
            await(sample);
        }
        return true;
    }

    private static void await(Future<?> sample) throws IOException {
        try {
            sample.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                // As it is: its type tells why, where the message is only the name of the file.
                throw io;
            }
            throw new IllegalStateException("a loader thread failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for data", e);
        }
    }

    @Override
    public B batch() {
        if (current < 0 || current >= batches.size()) {
            throw new IllegalStateException("no current batch");
        }
        int slot = current % slots.size();
        return slots.get(slot).batch(underWay.get(slot).size());
    }

    /**
     * Cancels what has not begun and waits for what has: its slot is about to be reused. A future does not tell the two apart,
     * because a task that is cancelled while it runs counts as ended.
     */
    @Override
    public void close() {
        current = batches.size();
        closed = true;
        underWay.forEach(samples -> samples.forEach(sample -> sample.cancel(false)));
        decoding.writeLock().lock();
        try {
            underWay.replaceAll(samples -> List.of());
        } finally {
            decoding.writeLock().unlock();
        }
    }
}
