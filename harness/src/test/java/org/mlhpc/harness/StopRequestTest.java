package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.ThreadCommunicator;

class StopRequestTest {
    private static final long MILLISECOND = 1_000_000;

    @TempDir
    private Path directory;

    private long now;

    private StopRequest request(Communicator world) {
        var silent = new Console(new PrintStream(OutputStream.nullOutputStream()), false, true, System::nanoTime);
        return new StopRequest(directory.resolve("stop_0"), world, silent, () -> now);
    }

    /** Steps after which there was an exchange, and the last of which found the file. */
    private List<Integer> exchanges(StopRequest request, int steps, int millis) {
        var exchanges = new ArrayList<Integer>();
        for (int step = 1; step <= steps; step++) {
            now += millis * MILLISECOND;
            if (request.isDue()) {
                exchanges.add(step);
                assertFalse(request.asked());
            }
        }
        return exchanges;
    }

    @Test
    void exchangesAreAboutASecondApart() {
        List<Integer> exchanges = exchanges(request(new LocalCommunicator()), 10_000, 10);

        assertEquals(List.of(1, 3, 7, 15, 31, 63, 127, 227, 327), exchanges.subList(0, 9));
        assertEquals(7 + 98, exchanges.size());
    }

    @Test
    void stepsOfMoreThanASecondAreFollowedByOneEach() {
        assertEquals(20, exchanges(request(new LocalCommunicator()), 20, 1500).size());
    }

    @Test
    void theFileIsLookedForOnceASecond() throws IOException {
        StopRequest request = request(new LocalCommunicator());
        assertFalse(request.asked());
        Files.createFile(directory.resolve("stop_0"));
        now += 999 * MILLISECOND;
        assertFalse(request.asked());
        now += MILLISECOND;
        assertTrue(request.asked());
    }

    @Test
    void allRanksStopAfterTheSameStep() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            var ranks = new ArrayList<Future<Integer>>();
            for (Communicator world : ThreadCommunicator.ofSize(3)) {
                StopRequest request = request(world);
                ranks.add(threads.submit(() -> {
                    for (int step = 1; step <= 1000; step++) {
                        if (world.rank() == 0) {
                            now += 20 * MILLISECOND;
                        }
                        if (world.rank() == 1 && step == 300) {
                            Files.createFile(directory.resolve("stop_0"));
                        }
                        if (request.isDue() && request.asked()) {
                            return step;
                        }
                    }
                    return 0;
                }));
            }
            int first = ranks.get(0).get(20, TimeUnit.SECONDS);
            assertTrue(first >= 300 && first <= 400, "stopped after step " + first);
            for (Future<Integer> rank : ranks) {
                assertEquals(first, rank.get(20, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
