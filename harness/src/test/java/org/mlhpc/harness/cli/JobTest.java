package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    private static Job job(Map<String, String> environment) {
        return new Job(environment, Duration.ZERO);
    }

    /** As mpirun sets them, and srun with PMIx and, captured from Slurm 22.05, with PMI2. */
    @Test
    void ranksAreKnownHoweverTheyWereStarted() {
        var mpirun = Map.of("OMPI_COMM_WORLD_SIZE", "2", "OMPI_COMM_WORLD_RANK", "1");
        var pmi2 = Map.of("PMI_SIZE", "2", "PMI_JOBID", "1.0", "PMI_FD", "11", "PMI_RANK", "1");
        for (var environment : List.of(mpirun, Map.of("PMIX_RANK", "1"), pmi2)) {
            assertEquals(1, job(environment).launchedRank());
            assertTrue(job(environment).isLaunched());
        }
        assertFalse(job(Map.of("PMI_SIZE", "1", "PMI_RANK", "0")).isLaunched(), "alone");
        assertFalse(job(Map.of()).isLaunched());
        assertEquals(0, job(Map.of()).launchedRank());
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
