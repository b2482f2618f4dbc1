package org.mlhpc.torch.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Loading;

class PrefetcherTest {
    private static final int BATCHES_AHEAD = 2;
    private static final int BAD_SAMPLE = 13;
    private static final long BYTES = 100;

    private final AtomicInteger decoded = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @SuppressWarnings("ArrayRecordComponent") // compared by its samples
    private record Numbers(int[] numbers) implements Batch {
        @Override
        public int samples() {
            return numbers.length;
        }
    }

    private interface Decoding {
        void decode(int sample) throws IOException;
    }

    private final class NumberSlot implements Slot<Numbers> {
        private final int[] numbers = new int[4];
        private final Decoding decoding;

        NumberSlot(Decoding decoding) {
            this.decoding = decoding;
        }

        @Override
        public long decode(int position, int sample) throws IOException {
            decoding.decode(sample);
            numbers[position] = sample;
            decoded.incrementAndGet();
            return BYTES;
        }

        @Override
        public Numbers batch(int samples) {
            return new Numbers(Arrays.copyOf(numbers, samples));
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private Prefetcher<Numbers> prefetcher(int threads, Decoding decoding) {
        return new Prefetcher<>(threads, BATCHES_AHEAD, () -> new NumberSlot(decoding));
    }

    private static List<int[]> batches(int count) {
        var batches = new ArrayList<int[]>();
        for (int i = 0; i < count; i++) {
            batches.add(new int[] {3 * i, 3 * i + 1, 3 * i + 2});
        }
        batches.add(new int[] {3 * count});
        return batches;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void yieldsTheBatchesInOrderWhateverTheThreadsDo(int threads) throws IOException {
        // Even samples take longer, so threads finish out of order.
        Decoding uneven = sample -> {
            if (sample % 2 == 0) {
                busy();
            }
        };
        List<int[]> batches = batches(20);
        try (var prefetcher = prefetcher(threads, uneven)) {
            for (int epoch = 0; epoch < 2; epoch++) {
                try (BatchReader<Numbers> reader = prefetcher.read(batches)) {
                    for (int[] expected : batches) {
                        assertTrue(reader.next());
                        assertArrayEquals(expected, reader.batch().numbers());
                    }
                    assertFalse(reader.next());
                    assertFalse(reader.next());
                }
            }
            Loading loading = prefetcher.loading();
            assertEquals(2 * 61, loading.samples());
            assertEquals(2 * 61 * BYTES, loading.bytes());
            assertEquals(threads, loading.threads());
            // Half of the samples take 200 microseconds.
            assertTrue(loading.decodeSeconds() >= 2 * 30 * 200e-6, "" + loading.decodeSeconds());
        }
    }

    private static void busy() {
        long end = System.nanoTime() + 200_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void readsAheadNoFurtherThanItsSlots() throws Exception {
        try (var prefetcher = prefetcher(1, sample -> {});
                BatchReader<Numbers> reader = prefetcher.read(batches(20))) {
            assertTrue(reader.next());
            int most = 3 * (BATCHES_AHEAD + 1);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (decoded.get() < most && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertEquals(most, decoded.get());
            // The batch in use keeps its memory: nothing more is decoded until the next one is asked for.
            assertArrayEquals(new int[] {0, 1, 2}, reader.batch().numbers());
        }
    }

    @Test
    void aDecodingFailureReachesTheReaderWithItsMessage() {
        Decoding failing = sample -> {
            if (sample == BAD_SAMPLE) {
                throw new IOException("damaged sample file-13");
            }
        };
        try (var prefetcher = prefetcher(2, failing);
                BatchReader<Numbers> reader = prefetcher.read(batches(20))) {
            var e = assertThrows(IOException.class, () -> {
                while (reader.next()) {
                    assertTrue(reader.batch().numbers()[0] < BAD_SAMPLE);
                }
            });
            assertEquals("damaged sample file-13", e.getMessage());
        }
    }

    /** Whose message says no more than the file: the reason is in its type. */
    @Test
    void aDecodingFailureKeepsItsType() {
        var denied = new AccessDeniedException("file-0");
        Decoding failing = sample -> {
            throw denied;
        };
        try (var prefetcher = prefetcher(1, failing);
                BatchReader<Numbers> reader = prefetcher.read(batches(1))) {
            assertSame(denied, assertThrows(IOException.class, reader::next));
        }
    }

    @Test
    void aBugInDecodingIsNotTakenForABadFile() {
        Decoding broken = sample -> {
            throw new IllegalArgumentException("bug");
        };
        try (var prefetcher = prefetcher(1, broken);
                BatchReader<Numbers> reader = prefetcher.read(batches(1))) {
            assertThrows(IllegalStateException.class, reader::next);
        }
    }

    @Test
    void closingWhileDecodingWaitsForWhatIsUnderWayOnly() {
        var begun = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        Decoding blocking = sample -> {
            begun.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        };
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            try (var prefetcher = prefetcher(1, blocking)) {
                BatchReader<Numbers> reader = prefetcher.read(batches(20));
                begun.await();
                var closer = new Thread(reader::close);
                closer.start();
                // It waits for the sample under way once it has cancelled all others.
                while (closer.getState() != Thread.State.WAITING) {
                    Thread.sleep(1);
                }
                assertEquals(0, decoded.get());
                released.countDown();
                closer.join();
                reader.close();
                assertThrows(IllegalStateException.class, reader::batch);
            }
        });
        assertEquals(1, decoded.get());
        assertEquals(BATCHES_AHEAD + 1, closed.get());
    }
}
