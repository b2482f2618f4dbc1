package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose ranks or nodes die, on a real Slurm of two nodes. */
@Tag("slurm")
class BatchDeathTest {
    private static final String RUN = "batch_run 0 run cosmoflow";

    private static final String KILLED = "exit_because killed 'rank 1 on n2 was killed by signal 9 (Killed)'";

    @RegisterExtension
    private static final ThrowawayCluster cluster = new ThrowawayCluster();

    @TempDir
    private Path home;

    @Test
    void aKilledRankIsNamedAndTheRunGoesOn() throws Exception {
        var point = new BatchPoint(cluster, home, "first_start || finish\n" + KILLED);
        String job = point.submit(RUN, "--nodes=2");
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");

        assertEquals(
                """
                started\tn1,n2
                killed\trank 1 on n2 was killed by signal 9 (Killed)
                requeued\tretry 1 of 3
                started\tn1,n2
                finished\ttarget reached
                """,
                point.events(0));
    }

    @Test
    void aRankThatIsKilledAgainAndAgainEndsTheRetries() throws Exception {
        var point = new BatchPoint(cluster, home, KILLED);
        String job = point.submit(Map.of("MLHPC_RETRIES", "1"), RUN, "--nodes=2");
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "FAILED 1 3:0");

        assertTrue(
                point.events(0)
                        .endsWith("\nfailed\t2 times a rank was killed or hung; the last: rank 1 on n2 was killed by"
                                + " signal 9 (Killed); if nobody did, ask for more --mem\n"),
                point.events(0));
    }

    /** Old ones do not count. */
    @Test
    void theFirstHangOnANodeMayBeAnybodysFault() throws Exception {
        var point = new BatchPoint(cluster, home, "exit_because hang 'rank 0 on n1 says nothing'");
        Files.writeString(point.folder().resolve("suspect_nodes"), "n1\thung before\t2020-01-01T00:00:00Z\n");
        String job = point.submit(Map.of("MLHPC_RETRIES", "0"), RUN, "--nodelist=n1");
        cluster.awaitState(job, "FAILED 0 3:0");

        assertEquals("n1\thung before\nn1\trank 0 on n1 says nothing\n", point.nodes("suspect_nodes"));
        assertEquals("", point.text("bad_nodes"));
    }

    @Test
    void aNewCheckpointStartsTheRetriesAnew() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                "mkdir -p checkpoints_0; wc -l <starts_0 >checkpoints_0/epoch_$(wc -l <starts_0).json\n" + KILLED);
        String job = point.submit(Map.of("MLHPC_RETRIES", "1"), RUN, "--nodes=2");
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "PENDING 2 .*");

        assertTrue(point.events(0).endsWith("\nrequeued\tretry 1 of 1\n"), point.events(0));
    }

    /** Slurm keeps the node that did not answer out of the job, as long as enough others are there. */
    @Test
    void theNodeOfAHangIsLeftOut() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                """
                first_start || finish
                exit_because hang "rank 0 on $SLURMD_NODENAME has said nothing for 600 s in its all-reduce"
                """);
        Files.writeString(
                point.folder().resolve("suspect_nodes"),
                "n1\thung before\t2100-01-01T00:00:00Z\nn2\thung before\t2100-01-01T00:00:00Z\n");
        String job = point.submit(RUN, "--nodes=1");
        cluster.awaitState(job, "PENDING 1 .*");
        String bad = point.text("bad_nodes").replaceAll("\t(?s).*", "");
        assertTrue(
                cluster.run("scontrol", "--oneliner", "show", "job", job).contains(" ExcNodeList=" + bad + " "),
                "without " + bad);
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");

        String other = bad.equals("n1") ? "n2" : "n1";
        assertTrue(point.events(0).endsWith("started\t" + other + "\nfinished\ttarget reached\n"), point.events(0));
        assertTrue(point.events(0).contains("\nhang\trank 0 on " + bad + " has said nothing for "), point.events(0));
    }

    /** The words are those that Slurm's cgroup plugin and the launcher print. */
    @Test
    void whoUsesUpTheMemoryIsToldSoAndDoesNotTryAgain() throws Exception {
        var point = new BatchPoint(cluster, home, "exit_because oom 'rank 3 on n2 was killed by signal 9 (Killed)'");
        String job = point.submit("export SLURM_MEM_PER_NODE=65536\n" + RUN);
        cluster.awaitState(job, "FAILED 0 3:0");

        assertTrue(
                point.events(0)
                        .endsWith(
                                "\noom\trank 3 on n2 was killed by signal 9 (Killed), since the job's memory (64 GiB a"
                                        + " node) was used up: ask for more --mem, fewer ranks per node, or a smaller batch\n"),
                point.events(0));
    }

    /** mpirun does not pass Slurm's words on; the control group of the job still has its count of kills. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    system.slice/slurmstepd.scope/job_$SLURM_JOB_ID/step_0 | memory.events      | low 0\\noom 2\\noom_kill 1  | true
                    memory/slurm/uid_0/job_$SLURM_JOB_ID/step_0            | memory.oom_control | under_oom 0\\noom_kill 1   | true
                    memory/slurm/uid_0/job_$SLURM_JOB_ID                   | memory.failcnt     | 17                         | false
                    system.slice/slurmstepd.scope/job_$SLURM_JOB_ID/step_0 | memory.events      | low 0\\noom 0\\noom_kill 0  | false
                    system.slice/slurmstepd.scope/job_9$SLURM_JOB_ID       | memory.events      | oom_kill 1                 | false
                    """)
    void aKillOfTheKernelIsToldFromOthers(String group, String file, String content, boolean oom) throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                "group=$MLHPC_SYS/fs/cgroup/" + group + "; mkdir -p \"$group\"; printf '" + content + "\\n' >\"$group/"
                        + file + "\"\n" + KILLED);
        var environment = Map.of("MLHPC_SYS", home.resolve("sys").toString(), "MLHPC_RETRIES", "0");
        String job = point.submit(environment, RUN, "--nodes=2");
        cluster.awaitState(job, "FAILED 0 3:0");

        assertEquals(oom, point.events(0).contains("\noom\t"), point.events(0));
        assertEquals(!oom, point.events(0).contains("\nkilled\t"), point.events(0));
    }

    @Test
    void anErrorInWhatWasAskedIsNotTriedAgain() throws Exception {
        var point = new BatchPoint(
                cluster, home, "echo 'mlhpc: /data/x is missing; fix: generate it' >&2; echo later; exit 3");
        String job = point.submit(RUN);
        cluster.awaitState(job, "FAILED 0 3:0");

        assertTrue(
                point.events(0).endsWith("\nfailed\texit code 3: mlhpc: /data/x is missing; fix: generate it\n"),
                point.events(0));
        assertTrue(point.text("output").contains("mlhpc: /data/x is missing"), "the run's output is shown");
    }

    @Test
    void aNodeThatCrashesIsNamedAndTheRunGoesOn() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                """
                first_start || finish
                srun --nodes=2 --ntasks=2 sleep 100 &
                touch running
                wait
                """);
        String job = point.submit(RUN, "--nodes=2");
        point.awaitFile("running");
        cluster.kill("n2");
        cluster.awaitState(job, "PENDING 1 .*");
        cluster.revive("n2");
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");

        assertEquals(
                """
                started\tn1,n2
                requeued\tby Slurm: node n2 failed
                started\tn1,n2
                finished\ttarget reached
                """,
                point.events(0));
    }

    /** With the first node the job's own script is gone, and the next start has to say what happened. */
    @Test
    void theCrashOfTheFirstNodeIsNamedByTheNextStart() throws Exception {
        var point = new BatchPoint(
                cluster,
                home,
                """
                first_start || finish
                touch running
                sleep 100
                """);
        String job = point.submit(RUN, "--nodelist=n1");
        point.awaitFile("running");
        cluster.kill("n1");
        cluster.awaitState(job, "PENDING 1 .*");
        cluster.run("scontrol", "update", "JobId=" + job, "ReqNodeList=n2");
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");
        cluster.revive("n1");

        assertEquals(
                """
                started\tn1
                requeued\tby Slurm: node n1 failed
                started\tn2
                finished\ttarget reached
                """,
                point.events(0));
    }
}
