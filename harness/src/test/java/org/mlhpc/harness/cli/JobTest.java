package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class JobTest {
    private final List<String> said = new ArrayList<>();

    private void refuse(int rank, Duration patience) throws Exception {
        var environment = Map.of("OMPI_COMM_WORLD_SIZE", "2", "OMPI_COMM_WORLD_RANK", Integer.toString(rank));
        try (var job = new Job(environment, patience)) {
            job.sayOnce(() -> said.add("rank " + rank));
        }
    }

    @Test
    void rankZeroSpeaksAtOnce() throws Exception {
        refuse(0, Duration.ofHours(1));

        assertEquals(List.of("rank 0"), said);
    }

    @Test
    void othersWaitToBeEndedWithIt() {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> rank = thread.submit(() -> {
                refuse(1, Duration.ofHours(1));
                return said;
            });
            assertThrows(TimeoutException.class, () -> rank.get(200, TimeUnit.MILLISECONDS));
            assertEquals(List.of(), said);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void whatRankZeroDoesNotFindWrongIsSaidByTheOthers() throws Exception {
        refuse(1, Duration.ZERO);

        assertEquals(List.of("rank 1"), said);
    }
}
