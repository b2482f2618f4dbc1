package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JobSizeTest {
    @Test
    void tasksThatDoNotSeeEachOtherAreRefused() {
        var failure = assertThrows(
                IllegalStateException.class, () -> JobSize.require(1, Map.of("SLURM_STEP_NUM_TASKS", "4")));

        assertTrue(String.valueOf(failure.getMessage()).contains("--mpi=pmix"), failure.getMessage());
    }

    @Test
    void oneJobOfAllTasksIsAccepted() {
        assertDoesNotThrow(() -> JobSize.require(4, Map.of("SLURM_STEP_NUM_TASKS", "4")));
    }

    @Test
    void whatMpirunStartedInsideAnAllocationIsAccepted() {
        assertDoesNotThrow(() -> JobSize.require(2, Map.of("SLURM_STEP_NUM_TASKS", "1", "OMPI_COMM_WORLD_SIZE", "2")));
        assertDoesNotThrow(() -> JobSize.require(2, Map.of()));
    }
}
