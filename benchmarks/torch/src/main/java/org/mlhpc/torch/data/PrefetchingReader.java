package org.mlhpc.torch.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
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
    private final Prefetcher.DecodeTimes times;
    private final List<List<Future<?>>> underWay = new ArrayList<>();
    private int current = -1;

    PrefetchingReader(List<int[]> batches, List<Slot<B>> slots, ExecutorService threads, Prefetcher.DecodeTimes times) {
        this.times = times;
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
        var tasks = new ArrayList<Future<?>>(samples.length);
        for (int i = 0; i < samples.length; i++) {
            int position = i;
            tasks.add(threads.submit(() -> {
                long begin = System.nanoTime();
                slot.decode(position, samples[position]);
                times.decoded(System.nanoTime() - begin);
                return position;
            }));
        }
        underWay.set(batch % slots.size(), tasks);
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
                throw new IOException(io.getMessage(), io);
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
        return slots.get(current % slots.size()).batch(batches.get(current).length);
    }

    /** Cancels what has not begun and waits for what has: its slot is about to be reused. */
    @Override
    public void close() {
        current = batches.size();
        underWay.forEach(samples -> samples.forEach(sample -> sample.cancel(false)));
        underWay.forEach(samples -> samples.forEach(PrefetchingReader::awaitEnd));
        underWay.replaceAll(samples -> List.of());
    }

    private static void awaitEnd(Future<?> sample) {
        try {
            sample.get();
        } catch (ExecutionException | CancellationException e) {
            // The reader is being closed: nobody asks for this sample any more, so its failure is of no interest.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
