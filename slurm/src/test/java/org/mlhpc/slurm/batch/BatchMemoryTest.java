package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that really use more than the memory of their job, on a real Slurm of two nodes: ended by the kernel where control groups can be
 * made, elsewhere by Slurm.
 */
@Tag("slurm")
class BatchMemoryTest {
    private static final String RUN = "batch_run 0 run cosmoflow";
    private static final String THREE_TIMES_ITS_MEMORY =
            "bash -c 'x=$(head -c 300M /dev/zero | tr \"\\0\" x); sleep 20'";

    @RegisterExtension
    private static final ThrowawayCluster cluster = new ThrowawayCluster(Map.of("CLUSTER_LIMITS_MEMORY", "1"));

    @TempDir
    private Path home;

    /** The launcher itself, which reads what Slurm says, starts the rank. */
    @Test
    void aRankOfSrunThatUsesTooMuchIsExplained() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                """
                home=${0%/*}
                for script in common job ranks; do . "$home/harness/launcher/$script.sh"; done
                choose_launcher() { job_launcher=srun; }
                launch_command() { printf '%s\\n' srun --ntasks=1; }
                prepare_java() { java_command=(USE); }
                start_job mpi
                """
                        .replace("USE", THREE_TIMES_ITS_MEMORY));
        String job = point.submit(RUN, "--nodelist=n1", "--mem=100M");
        cluster.awaitState(job, "FAILED 0 3:0");

        String why =
                "rank 0 on n1 was killed by signal 9 (Killed), since the job's memory (100 MiB a node) was used up:"
                        + " ask for more --mem, fewer ranks per node, or a smaller batch";
        assertEquals("started\tn1\noom\t" + why + "\n", point.events(0));
        assertEquals("oom: " + why, point.why(job));
    }

    /** mpirun starts the ranks of the first node as children of the job's script; the whole job may end with them. */
    @Test
    void aRankOfMpirunThatUsesTooMuchIsExplained() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                THREE_TIMES_ITS_MEMORY + "; exit_because killed 'rank 0 on n1 was killed by signal 9 (Killed)'");
        String job = point.submit(RUN, "--nodelist=n1", "--mem=100M");
        cluster.awaitState(job, "(FAILED|OUT_OF_MEMORY) .*");

        String why = point.why(job);
        assertTrue(
                why.matches(
                        "(oom: .*, since the job's memory \\(100 MiB a node\\) was|Slurm: out of memory: its memory was) used up:"
                                + " ask for more --mem, fewer ranks per node, or a smaller batch"),
                why);
    }
}
