package org.mlhpc.harness.mpi;

import java.util.Map;

/**
 * Checks that MPI and the batch system agree on the number of processes: without a common process manager, {@code srun}
 * starts N jobs of one process each, which would train N times the same model.
 */
final class JobSize {
    private JobSize() {}

    static void require(int mpiSize, Map<String, String> environment) {
        String startedByMpirun = environment.get("OMPI_COMM_WORLD_SIZE");
        String tasks = environment.get("SLURM_STEP_NUM_TASKS");
        if (startedByMpirun == null && tasks != null && Integer.parseInt(tasks) != mpiSize) {
            throw new IllegalStateException("srun started " + tasks + " tasks, but Open MPI sees " + mpiSize
                    + ": start with srun --mpi=pmix (or --mpi=pmi2), or with ./mlhpc run --ranks " + tasks
                    + " inside the allocation");
        }
    }
}
