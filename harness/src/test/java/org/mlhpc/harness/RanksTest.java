package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How ranks are started, and what is made of the words of mpirun (Open MPI 4.1) and srun (Slurm 22.05) about their end. */
class RanksTest {
    private static final String JUDGE =
            """
            job_launcher=srun
            signal_of() { echo "number $(($1 - 128))"; }
            finish_job() { echo "status $1, $3: $2"; }
            mkdir -p work; filter_errors work <errors; judge_end "$status" work
            """;

    @TempDir
    private Path elsewhere;

    private String shell(String commands) throws Exception {
        return LauncherShell.run(elsewhere, "ranks.sh", "EXIT_USAGE=2 EXIT_ENVIRONMENT=3\n" + commands);
    }

    private void program(String name, String body) throws IOException {
        Path file = Files.writeString(elsewhere.resolve(name), "#!/bin/bash\n" + body + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    @Test
    void mpirunsOwnRemarksAboutAnAbortedJobAreLeftOutAndNothingElse() throws Exception {
        String box = "-".repeat(74);
        Files.writeString(
                elsewhere.resolve("errors"),
                String.join(
                        "\n",
                        "mlhpc: rank 0: no data",
                        box,
                        "MPI_ABORT was invoked on rank 0",
                        box,
                        "[vm:1] [[1,0],0] ORTE_ERROR_LOG: Out of resource in file ../../../orte/util/show_help.c at line 501",
                        "[vm:1] 1 more process has sent help message help-mpi-api.txt / mpi-abort",
                        "[vm:1] Set MCA parameter \"orte_base_help_aggregate\" to 0 to see all help / error messages",
                        "[vm:1] [[1,0],0] ORTE_ERROR_LOG: Unreachable in file x.c",
                        "last line"));

        assertEquals(
                "mlhpc: rank 0: no data\n[vm:1] [[1,0],0] ORTE_ERROR_LOG: Unreachable in file x.c\nlast line",
                shell("filter_errors . <errors"));
    }

    @Test
    void theRankThatWasKilledIsNamed() throws Exception {
        String box = "-".repeat(74);
        Files.writeString(
                elsewhere.resolve("errors"),
                box + "\nmpirun noticed that process rank 1 with PID 77 on node n3 exited on signal 9 (Killed).\n" + box
                        + "\n");

        assertEquals("rank 1 on n3 was killed by signal 9 (Killed)\n", shell("filter_errors . <errors; cat death"));
    }

    @Test
    void theNodeThatMpirunHasLostIsNamed() throws Exception {
        String box = "-".repeat(74);
        Files.writeString(
                elsewhere.resolve("errors"),
                String.join(
                        "\n",
                        box,
                        "ORTE has lost communication with a remote daemon.",
                        "",
                        "  HNP daemon   : [[53829,0],0] on node n1",
                        "  Remote daemon: [[53829,0],1] on node n2",
                        "",
                        "This is usually due to either a failure of the TCP network",
                        box,
                        ""));

        assertEquals("node n2 was lost\n", shell("filter_errors . <errors; cat death"));
    }

    /** mpirun ends with 1 then, as it does when the run misses its target. */
    @ParameterizedTest
    @CsvSource({
        "There are not enough slots available in the system to satisfy the 8\\nslots that were requested by the application:",
        "An ORTE daemon has unexpectedly failed after launch and before\\ncommunicating back to mpirun.",
        "ORTE was unable to reliably start one or more daemons.\\nThis usually is caused by:",
    })
    void whatMpirunCannotLaunchIsNoFailedTraining(String words) throws Exception {
        String text = ("-".repeat(74) + "\n" + words + "\n" + "-".repeat(74) + "\n").replace("\\n", "\n");
        Files.writeString(elsewhere.resolve("errors"), text);

        String said = shell("status=1\n" + JUDGE.replace("job_launcher=srun", "job_launcher=mpirun"));
        assertTrue(said.startsWith(text), said);
        assertTrue(said.contains("\nstatus 1, killed: the ranks could not be launched by mpirun: "), said);
    }

    /** The other ranks are ended because of the first. */
    @Test
    void theRankThatSrunSawDieFirstIsNamed() throws Exception {
        Files.writeString(
                elsewhere.resolve("errors"),
                """
                srun: cluster configuration lacks support for cpu binding
                srun: error: n2: task 1: Killed
                srun: launch/slurm: _step_signal: Terminating StepId=3.0
                slurmstepd-n1: error: *** STEP 3.0 ON n1 CANCELLED AT 2026-11-28T01:45:28 ***
                srun: error: n1: task 0: Terminated
                srun: Force Terminated StepId=3.0
                """);

        assertEquals(
                "status 143, killed: rank 1 on n2 was killed by signal 9 (Killed)\n", shell("status=143\n" + JUDGE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    srun: error: n7: tasks 28-31: Segmentation fault (core dumped) | rank 28-31 on n7 was killed by signal 11 (Segmentation fault)
                    srun: error: n7: task 28: Terminated                           | rank 28 on n7 was killed by signal 15 (Terminated)
                    srun: error: Node failure on n2                                | node n2 failed
                    srun: error: task 0 launch failed: Unspecified error           | rank 0 could not be launched by srun: Unspecified error
                    """)
    void deathsAreNamed(String words, String death) throws Exception {
        Files.writeString(elsewhere.resolve("errors"), words + "\n");

        assertEquals("status 139, killed: " + death + "\n", shell("status=139\n" + JUDGE));
    }

    /** With Slurm's cgroup plugin; the first line stays, since it explains. */
    @Test
    void usedUpMemoryIsToldFromAKill() throws Exception {
        String event =
                "slurmstepd: error: Detected 1 oom_kill event in StepId=42.0. Some of the step tasks have been OOM Killed.";
        Files.writeString(
                elsewhere.resolve("errors"),
                event + "\nsrun: error: n2: task 3: Out Of Memory\nsrun: error: n1: task 0: Terminated\n");

        assertEquals(
                event + "\nstatus 137, oom: rank 3 on n2 was killed by signal 9 (Killed)\n",
                shell("status=137\n" + JUDGE));
    }

    /** A rank that ends with 1 makes srun end the others, whose signal must not count. */
    @Test
    void theExitCodeIsThatOfTheFirstRank() throws Exception {
        Files.writeString(
                elsewhere.resolve("errors"),
                "srun: error: n2: task 1: Exited with exit code 1\nsrun: error: n1: task 0: Terminated\n");

        assertEquals("status 1, killed: \n", shell("status=143\n" + JUDGE));
    }

    @Test
    void anAbortHasTheCodeThatTheRunGave() throws Exception {
        String box = "-".repeat(74);
        Files.writeString(
                elsewhere.resolve("errors"),
                String.join(
                        "\n",
                        "srun: Job step aborted: Waiting up to 7 seconds for job step to finish.",
                        "srun: error: n1: task 0: Killed",
                        box,
                        "MPI_ABORT was invoked on rank 1 in communicator MPI_COMM_WORLD",
                        "with errorcode 3.",
                        "",
                        box,
                        ""));

        assertEquals("status 3, killed: \n", shell("status=137\n" + JUDGE));
    }

    @Test
    void whatSrunItselfCannotDoIsNoFailedTraining() throws Exception {
        String words = "srun: error: Unable to create step for job 11: More processors requested than permitted\n";
        Files.writeString(elsewhere.resolve("errors"), words);

        assertEquals(words + "status 3, killed: \n", shell("status=1\n" + JUDGE));
    }

    /** The words of srun are those of Slurm 22.05 and 20.11. */
    @ParameterizedTest
    @CsvSource({
        "MPI plugin types are...\\n\\tpmix\\n\\tnone\\n\\tpmi2\\nspecific pmix plugin versions available: pmix_v4,"
                + " mca:pmix:ext3x:version, pmix",
        "srun: MPI types are...\\nsrun: pmix_v3\\nsrun: pmi2, mca:pmix:pmix3x:version, pmix_v3",
        "srun: MPI types are...\\nsrun: pmix_v3\\nsrun: pmi2, mca:pmix:s2:version, pmi2",
        "srun: MPI types are...\\nsrun: pmix_v4, ompi:version:full:5.0.3, pmix_v4",
    })
    void thePluginIsOneThatBothUnderstand(String offered, String understood, String plugin) throws Exception {
        program("srun", "printf '" + offered + "\\n' >&2");
        program("ompi_info", "echo '" + understood + ":\"x\"'");

        assertEquals(plugin + "\n", shell("PATH=$PWD:$PATH mpi_programs=$PWD; mpi_plugin"));
    }

    @Test
    void withoutACommonPluginTheFixIsNamed() throws Exception {
        program("srun", "printf 'srun: MPI types are...\\nsrun: pmi2\\nsrun: none\\n' >&2");
        program("ompi_info", "echo 'mca:pmix:ext3x:version:\"x\"'");

        assertEquals(
                "srun cannot start Open MPI's ranks: it offers pmi2, and Open MPI understands pmix; fix:"
                        + " MLHPC_LAUNCHER=mpirun, or a Slurm that was built with PMIx\n3\n",
                shell("say() { echo \"$*\"; }; PATH=$PWD:$PATH mpi_programs=$PWD; mpi_plugin; echo $?"));
    }

    /** An allocation of four nodes with eight processors on four cores each; the run is to have two of the nodes. */
    @Test
    void srunGetsTheNodesAndProcessorsOfTheAllocation() throws Exception {
        String options = shell(". " + LauncherShell.SCRIPTS + "/job.sh\nmpi_plugin() { echo pmix; }\n"
                + "SLURM_JOB_ID=1 SLURM_JOB_NUM_NODES=4 SLURM_JOB_CPUS_PER_NODE='16(x3),8' MLHPC_NODES=n2,n3\n"
                + "ranks=8 ranks_per_node=4; srun_options; cores=8 physical_cores=4 threads=9; allocated_threads");

        assertEquals(
                """
                --ntasks=8
                --nodes=2
                --ntasks-per-node=4
                --kill-on-bad-exit=1
                --mpi=pmix
                --nodelist=n2,n3
                --exact
                --cpus-per-task=2
                --cpu-bind=cores
                1
                """,
                options);
    }

    @Test
    void mpirunGetsTheNodesOfTheRun() throws Exception {
        String options = shell("MLHPC_NODES=n2,n3 ranks=8 ranks_per_node=4 threads=1 physical_cores=4; mpirun_options");

        assertTrue(options.contains("--host\nn2:4,n3:4\n"), options);
    }

    /** A run with one process has no mpirun that would start it on its node. */
    @ParameterizedTest
    @CsvSource({"n2, run, 0", "n1, run, 1", "'', run, 1", "n2, check, 1"})
    void oneProcessStartsOnItsNode(String node, String command, String code) throws Exception {
        assertEquals(
                code + "\n",
                shell(". " + LauncherShell.SCRIPTS + "/job.sh\nSLURMD_NODENAME=n1 MLHPC_NODES=" + node
                        + " command_word=" + command + "; runs_elsewhere; echo $?"));
    }

    @Test
    void theHeapFitsTheMemoryOfTheJob() throws Exception {
        String commands = ". " + LauncherShell.SCRIPTS + "/job.sh\nranks_per_node=4; heap_option;"
                + " SLURM_MEM_PER_NODE=4096; heap_option; unset SLURM_MEM_PER_NODE;"
                + " SLURM_MEM_PER_CPU=256 SLURM_JOB_CPUS_PER_NODE=8; heap_option";

        assertEquals("-XX:MaxRAMPercentage=12.0\n-Xmx512m\n-Xmx256m\n", shell(commands));
    }
}
