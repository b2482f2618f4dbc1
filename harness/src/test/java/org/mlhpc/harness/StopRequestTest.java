package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        return new StopRequest(
                directory.resolve("stop_0"), Optional.of(directory.resolve("cause")), world, silent, () -> now);
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
        List<Integer> exchanges = exchanges(request(new LocalCommunicator()), 10_000, 125);

        assertEquals(List.of(1, 3, 7, 15, 23, 31, 39), exchanges.subList(0, 7));
        assertEquals(4 + 1248, exchanges.size());
    }

    /** So that a request is not forgotten where steps suddenly take minutes, as those of another size of batch. */
    @Test
    void neverMoreThanSixteenStepsApart() {
        List<Integer> exchanges = exchanges(request(new LocalCommunicator()), 1000, 1);

        assertEquals(List.of(1, 3, 7, 15, 31, 47, 63), exchanges.subList(0, 7));
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
    void theCauseNamesTheStateThatWasSaved() throws IOException {
        StopRequest request = request(new LocalCommunicator());
        Files.createFile(directory.resolve("stop_0"));

        request.stop(new Checkpoint.Position(2, Optional.of(7L)));

        assertEquals("stopped\tepoch 2, step 7\n", Files.readString(directory.resolve("cause")));
        assertFalse(Files.exists(directory.resolve("stop_0")));
    }

    /** Whoever asks for the cause has cleared earlier requests: by clocks of file servers nobody can tell. */
    @Test
    void aRequestDuringTheStartIsKeptWhereTheCauseIsAskedFor() throws IOException {
        StopRequest request = request(new LocalCommunicator());
        Files.createFile(directory.resolve("stop_0"));

        request.clear(Instant.now().plusSeconds(3600));

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
