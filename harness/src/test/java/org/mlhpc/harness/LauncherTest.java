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

/** Functions of the launcher's scripts, each in a shell of its own. */
class LauncherTest {
    @TempDir
    private Path elsewhere;

    private String shell(String script, String commands) throws Exception {
        return LauncherShell.run(elsewhere, script, commands);
    }

    @Test
    void lookingForNewSourcesLeavesTheUsersFolder() throws Exception {
        Files.createDirectories(elsewhere.resolve("home"));

        String folder =
                shell("build.sh", "home=$PWD/home; touch stamp; sources_newer_than \"$PWD/stamp\"; basename \"$PWD\"");

        assertEquals(elsewhere.getFileName() + "\n", folder);
    }

    @Test
    void newerSourcesAreFound() throws IOException, Exception {
        Path source = elsewhere.resolve("home/results/src/main/A.java");
        Files.createDirectories(source.getParent());
        Files.createDirectories(elsewhere.resolve("home/results/target"));

        String commands =
                "home=$PWD/home; touch -d '1 hour ago' old; touch -d '1 hour' new; touch home/results/src/main/A.java;"
                        + " sources_newer_than \"$PWD/old\"; echo $?; sources_newer_than \"$PWD/new\"; echo $?";

        assertEquals("0\n1\n", shell("build.sh", commands));
    }

    /** Its nodes would wait, and its runs be of different sources. */
    @Test
    void aRunOfACampaignUsesTheBuildThatIsThere() throws Exception {
        Files.createDirectories(elsewhere.resolve("home/results/src/main"));
        String commands = "home=$PWD/home app=$PWD; echo /mpi.jar >mpi; : >options; touch -d '1 hour ago' stamp;"
                + " is_stale ''; echo $?; MLHPC_CAUSE=cause; is_stale ''; echo $?; is_stale /other.jar; echo $?";

        assertEquals("0\n1\n0\n", shell("build.sh", "unset MLHPC_CAUSE MLHPC_MAVEN_OPTS; " + commands));
    }

    /** Told to end while the stand-in for Java is at work, which then writes logs and ends with a status. */
    @ParameterizedTest
    @CsvSource({
        "run x --out out --run-index 2,           2=success,                     143, 0",
        "run x --out=out --runs 3,                0=success 1=success 2=aborted, 143, 1",
        "run x --out=out --runs 3,                0=aborted 1=success 2=success, 143, 1",
        "run x --out=out --runs 3,                2=success,                     143, 143",
        "run x --out=out --runs=08,               7=success,                     143, 143",
        "run x --out elsewhere,                   0=success,                     143, 143",
        "run x --out elsewhere,                   0=success,                     0,   143",
        "run x --out out --dry-run --stage-to d,  '',                            0,   0",
        "run x,                                   0=success,                     143, 143",
        "run x,                                   0=success,                     0,   0",
        "stage out elsewhere,                     0=success,                     143, 143",
        "stage out elsewhere,                     0=success,                     0,   0",
        "check out,                               '',                            101, 1",
        "run x --out=out,                         0=aborted,                     101, 1"
    })
    void aRunThatEndedByItselfInTheMomentItWasToldToHasItsOwnCode(String words, String logs, int status, String code)
            throws Exception {
        Files.createDirectories(elsewhere.resolve("out"));
        Path late = Files.createDirectories(elsewhere.resolve("late"));
        for (String log : logs.isEmpty() ? new String[0] : logs.split(" ", -1)) {
            String[] parts = log.split("=", -1);
            Files.writeString(
                    late.resolve("result_" + parts[0] + ".txt"),
                    ":::MLLOG {\"key\": \"run_stop\", \"metadata\": {\"status\": \"" + parts[1] + "\"}}");
        }
        String standIn = "trap 'cp late/* out; exit " + status + "' TERM; touch ready; while sleep 0.1; do :; done";
        String commands =
                ". " + LauncherShell.SCRIPTS + "/common.sh\nprepare_java() { java_command=(bash -c \"" + standIn
                        + "\"); }\narguments=(" + words + ") command_word=${arguments[0]}\n"
                        + "self=$BASHPID; (until [[ -e ready ]]; do sleep 0.1; done; kill -TERM $self) &\nstart_process";

        assertEquals(code, shell("job.sh", "(" + commands + ") 2>/dev/null; echo -n $?"));
    }

    /** Functions of the script of a job whose folder is at hand. */
    private String batch(String commands) throws Exception {
        return shell(
                "events.sh",
                "home=" + LauncherShell.SCRIPTS + "/../..; . \"$home/harness/launcher/batch.sh\";"
                        + " batch_point=$PWD; unset SLURM_RESTART_COUNT; " + commands);
    }

    /** Unless the start before is over for longer than its nodes need to end it. */
    @Test
    void aJobThatIsStartedAgainAtOnceWaitsForItsNodes() throws Exception {
        String commands = "sleep() { echo \"slept $1\"; }; touch events_3.tsv; settle;"
                + " SLURM_RESTART_COUNT=1; settle; touch -d '9 seconds ago' events_3.tsv; settle";

        assertEquals("slept 2\n", batch(commands));
    }

    /** 100 s before its end a job is told, with the usual margin of 20 s; Slurm takes 2 s to answer. */
    @Test
    void theClockThatEndsRunsBeginsWithTheSignal() throws Exception {
        Path scontrol = Files.writeString(
                elsewhere.resolve("scontrol"),
                "#!/bin/bash\necho asked >>asked; sleep 2; echo \"JobId=7 JobState=RUNNING PreemptTime=None EndTime=$END \"\n");
        assertTrue(scontrol.toFile().setExecutable(true));

        String said = batch(
                "PATH=$PWD:$PATH SLURM_JOB_ID=7; begin=$(date +%s); export END=$(date -d @$((begin + 100)) +%FT%T);"
                        + " end_runs_in() { echo \"$1 $2\" >clock; };"
                        + " told_to_end; ended=$(date +%s); wait; read -r rest more <clock; echo \"$more $batch_told\";"
                        + " end=$((ended - begin + rest)); ((end >= 79 && end <= 81)) && echo in time || echo \"after $end s\"; cat asked");

        assertTrue(said.matches("10 TERM (99|100) s before the end of the job\nin time\nasked\n"), said);
    }

    /** Two runs of one job hang on one node; the other one is faster to get the lock. */
    @Test
    void theSecondHangOnANodeCountsAlsoWhenBothComeAtOnce() throws Exception {
        String said = batch("flock() { [[ -z $TURN ]] || TURN= suspect_node n1 first; };"
                + " TURN=second suspect_node n1 second; cut -f 1,2 suspect_nodes bad_nodes");

        assertEquals("n1\tfirst\nn1\tsecond\n", said);
    }

    /** The files are those of NVIDIA's driver; the library is looked for on the path of libraries first. */
    @Test
    void doctorSaysWhatIsMissingOfAnAccelerator() throws Exception {
        String look = "findings=(); examine_accelerators \"$PWD\"; printf '%s\\n' \"${findings[@]}\"\n";
        String commands = look
                + "d=sys/bus/pci/devices/0000:01:00.0; mkdir -p $d dev proc/driver/nvidia/gpus/0000:01:00.0\n"
                + "echo 0x10de >$d/vendor; echo 0x030200 >$d/class\n" + look
                + "printf 'Model: \\t\\t NVIDIA A100-SXM4-80GB\\nIRQ: \\t\\t 149\\n'"
                + " >proc/driver/nvidia/gpus/0000:01:00.0/information\n"
                + "echo 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023'"
                + " >proc/driver/nvidia/version\n" + look
                + "touch dev/nvidiactl libcuda.so.1; LD_LIBRARY_PATH=$PWD\n" + look;

        String[] lines = shell("doctor.sh", commands).split("\n", -1);

        assertEquals("unavailable\taccelerators\tno NVIDIA device\t", lines[0]);
        assertTrue(lines[1].startsWith("absent\taccelerators\tan NVIDIA device without its driver\t"), lines[1]);
        assertTrue(lines[2].startsWith("absent\taccelerators\t1 x NVIDIA A100-SXM4-80GB: /dev/nvidiactl"), lines[2]);
        assertEquals("ok\taccelerators\t1 x NVIDIA A100-SXM4-80GB, driver 535.104.05\t", lines[3]);
    }

    /** Some sites and shells name another processor than there is, for the same digits everywhere. */
    @Test
    void doctorNamesKernelsThatAreTooOldForTheProcessor() throws Exception {
        String look = " examine_openblas ' avx2 avx512f '; printf '%s\\n' \"${findings[@]}\"\n";

        String said = shell(
                "doctor.sh",
                "findings=(none); unset OPENBLAS_CORETYPE;" + look + "findings=(); OPENBLAS_CORETYPE=Haswell;" + look
                        + "findings=(); OPENBLAS_CORETYPE=SkylakeX;" + look);

        String[] lines = said.split("\n", -1);
        assertEquals("none", lines[0]);
        assertTrue(lines[1].startsWith("absent\tOpenBLAS\tkernels for Haswell"), lines[1]);
        assertEquals("ok\tOpenBLAS\tkernels for SkylakeX, as OPENBLAS_CORETYPE says\t", lines[2]);
    }

    @Test
    void aDescriptionOfTheSystemIsToldWhichOpenMpiAJobWouldUse() throws Exception {
        String setUp = "app=$PWD jdk=$PWD cache=$PWD home=$PWD jdk_version=17 jdk_feature=17; : >classpath;"
                + " allocator_environment() { :; };"
                + " find_mpi() { mpi_programs=$PWD; }; printf '#!/bin/sh\\necho Open MPI v9; echo more' >ompi_info;"
                + " chmod +x ompi_info;";
        String shown = "prepare_java ''; printf '%s\\n' \"${java_environment[@]}\" | grep MLHPC_MPI=;";

        assertEquals(
                "MLHPC_MPI=Open MPI v9\nMLHPC_MPI=\n",
                shell(
                        "job.sh",
                        ". " + LauncherShell.SCRIPTS + "/mpi.sh;" + setUp + "command_word=system;" + shown
                                + "command_word=check;" + shown));
    }

    /** OpenBLAS prefers a number of its own, which sites set to 1. */
    @Test
    void openBlasHasAsManyThreadsAsTheOthers() throws Exception {
        String setUp = "app=$PWD jdk=$PWD cache=$PWD home=$PWD jdk_version=17 jdk_feature=17; : >classpath;"
                + " allocator_environment() { :; };";
        String commands = "export OPENBLAS_NUM_THREADS=1; threads=3 command_word=run; prepare_java '';"
                + " \"${java_command[@]:0:${#java_environment[@]}+1}\" printenv OMP_NUM_THREADS OPENBLAS_NUM_THREADS";

        assertEquals("3\n3\n", shell("job.sh", setUp + commands));
    }

    /** Surefire writes them as an attribute or as content, depending on the exception. */
    @Test
    void theReasonsOfSkippedTestsAreShown() throws Exception {
        Path reports = Files.createDirectories(elsewhere.resolve("m/target/surefire-reports"));
        Files.writeString(
                reports.resolve("TEST-a.xml"),
                """
                <testcase><skipped message="needs a"/>
                <skipped type="org.opentest4j.T"><![CDATA[org.opentest4j.T: Assumption failed: needs b
                	at c
                """);

        assertEquals(
                "1 skipped: needs a\n1 skipped: needs b\n", shell("test.sh", "say() { echo \"$@\"; }; show_skipped"));
    }

    @Test
    void aDryRunNeedsItsRanksOnlyForThePlanOfAStaging() throws Exception {
        for (String[] line : new String[][] {
            {"run x --dry-run", "single"},
            {"run x --dry-run --stage-to d", ""},
            {"run x --strategy=auto --dry-run", ""},
            {"run x --stage-to d --help", "single"},
            {"run x --stage-to d", ""},
            {"stage s d --dry-run", ""}
        }) {
            assertEquals(
                    line[1] + "\n",
                    shell("job.sh", "parse_arguments " + line[0] + "; echo ${single:+single}"),
                    line[0]);
        }
    }
}
