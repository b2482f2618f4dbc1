package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that are looked at before a run, on a real Slurm of two of them. A stand-in for Java starts on n1 alone. */
@Tag("slurm")
class BatchPreflightTest {
    private static final String RUN = "\nbatch_run 0 run cosmoflow";
    private static final String FINISHES = "touch \"result_$index.txt\"";

    @RegisterExtension
    private static final ThrowawayCluster cluster = new ThrowawayCluster();

    @TempDir
    private Path home;

    private Map<String, String> brokenOnN2 = Map.of();

    @BeforeEach
    void writeJdk() throws IOException {
        Path jdk = Files.createDirectories(home.resolve("jdk/bin")).getParent();
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        for (String program : new String[] {"java", "javac"}) {
            Path file =
                    Files.writeString(jdk.resolve("bin").resolve(program), "#!/bin/sh\n[ $SLURMD_NODENAME = n1 ]\n");
            assertTrue(file.toFile().setExecutable(true));
        }
        brokenOnN2 = Map.of("JAVA_HOME", jdk.toString());
    }

    private String reason(String node) {
        return node + "\t" + home + "/jdk/bin/java does not start\n";
    }

    @Test
    void goodNodesAreTold() throws Exception {
        var point = new BatchPoint(cluster, home, FINISHES);
        String job = point.submit(
                "batch_preflight --needs-memory 1048576 --node-local " + home.resolve("local")
                        + " --needs-space 1048576 --reads \"$home/mlhpc\" --reads " + home + RUN,
                "--nodes=2");
        cluster.awaitState(job, "COMPLETED 0 0:0");

        assertEquals("started\tn1,n2\nfinished\ttarget reached\n", point.events(0));
        assertEquals("n1,n2\n", point.text("starts_0"));
        assertTrue(
                point.text("output").matches("(?s).*n2: clock within \\d+ ms\n.*n2: good\n.*"), point.text("output"));
    }

    @Test
    void withASpareNodeTheRunGetsTheGoodOne() throws Exception {
        var point = new BatchPoint(cluster, home, FINISHES);
        String job = point.submit(brokenOnN2, "batch_preflight --nodes-needed 1" + RUN, "--nodes=2");
        cluster.awaitState(job, "COMPLETED 0 0:0");

        assertEquals("n1\n", point.text("starts_0"));
        assertEquals(reason("n2"), point.nodes("bad_nodes"));
        assertTrue(
                point.events(0).startsWith("preflight\tn2: " + home + "/jdk/bin/java does not start\nstarted\tn1\n"),
                point.events(0));
    }

    @Test
    void withoutASpareNodeTheJobGoesBackAndGetsAnother() throws Exception {
        String blocker = cluster.run(
                "sbatch", "--parsable", "--nodelist=n1", "--exclusive", "--output=/dev/null", "--wrap=sleep 100");
        cluster.awaitState(blocker, "RUNNING .*");
        var point = new BatchPoint(cluster, home, FINISHES);
        String job = point.submit(brokenOnN2, "batch_preflight" + RUN, "--nodes=1");
        cluster.awaitState(job, "PENDING 1 .*");
        cluster.run("scancel", blocker);
        cluster.startAgain(job, 1);
        cluster.awaitState(job, "COMPLETED 1 0:0");

        assertEquals(reason("n2"), point.nodes("bad_nodes"));
        assertTrue(
                point.events(0)
                        .endsWith(
                                "\nrequeued\t0 of 1 nodes are good, and 1 needed\nstarted\tn1\nfinished\ttarget reached\n"),
                point.events(0));
    }

    @Test
    void whatIsWrongOnEveryNodeIsTheFaultOfWhatWasAsked() throws Exception {
        var point = new BatchPoint(cluster, home, FINISHES);
        String job = point.submit("batch_preflight --reads /data/missing" + RUN, "--nodes=2");
        cluster.awaitState(job, "FAILED 0 3:0");

        assertEquals("", point.nodes("bad_nodes"));
        assertTrue(
                point.events(0).endsWith("\nfailed\texit code 3: on every node: /data/missing cannot be read\n"),
                point.events(0));
    }

    @ParameterizedTest
    @CsvSource({"4: ACTIVE, 0", "1: DOWN, 3"})
    void portsOfTheFabricAreLookedAt(String state, int exit) throws Exception {
        Path port = Files.createDirectories(home.resolve("sys/class/infiniband/mlx5_0/ports/1"));
        Files.writeString(port.resolve("state"), state + "\n");
        var point = new BatchPoint(cluster, home, FINISHES);
        var environment = Map.of("MLHPC_SYS", home.resolve("sys").toString());
        String job = point.submit(environment, "batch_preflight --fabric infiniband" + RUN, "--nodes=2");
        cluster.awaitState(job, "\\w+ 0 " + exit + ":0");

        assertEquals(exit == 3, point.events(0).contains("on every node: no port of infiniband is active"));
    }

    /** The job's own clock is set back instead of those of the nodes. */
    @Test
    void aClockThatIsAheadIsSeen() throws Exception {
        var point = new BatchPoint(cluster, home, FINISHES);
        String job = point.submit(
                "microseconds() { echo $(($(date +%s%N) / 1000 - 100000000)); }\nbatch_preflight --clock-seconds 90"
                        + RUN,
                "--nodes=2");
        cluster.awaitState(job, "FAILED 0 3:0");

        assertTrue(
                point.events(0)
                        .matches(
                                "(?s)preflight\tn1: its clock is at least (9|10)\\d\\d\\d\\d ms ahead, and 90000 are allowed.*"),
                point.events(0));
    }

    /** A folder that only looks the same is one of another file system. */
    @Test
    void aFolderThatIsNotSharedIsSeen() throws Exception {
        var point = new BatchPoint(cluster, home, FINISHES);
        String job = point.submit(
                "write_token() { echo other >\"$batch_point/token_$SLURM_JOB_ID\"; preflight_token=mine; }\nbatch_preflight"
                        + RUN,
                "--nodes=2");
        cluster.awaitState(job, "FAILED 0 3:0");

        assertTrue(point.events(0).contains("n2: " + point.folder() + " is not the folder that"), point.events(0));
    }

    @Test
    void aNodeThatDoesNotAnswerIsNamedWithWhatItWasDoing() throws Exception {
        var point = new BatchPoint(cluster, home, FINISHES);
        Files.writeString(home.resolve("jdk/bin/java"), "#!/bin/sh\n[ $SLURMD_NODENAME = n1 ] || exec sleep 30\n");
        var environment = Map.of("JAVA_HOME", home + "/jdk", "MLHPC_PREFLIGHT_SECONDS", "5");
        String job = point.submit(environment, "batch_preflight --nodes-needed 1" + RUN, "--nodes=2");
        cluster.awaitState(job, "COMPLETED 0 0:0");

        assertEquals("n2\tno answer in 5 s when starting Java\n", point.nodes("bad_nodes"));
    }

    /** A job of one node cannot tell at its first start whether the node is to blame. */
    @Test
    void nodesAreAcquittedOfWhatIsWrongOnAll() throws Exception {
        var point = new BatchPoint(cluster, home, FINISHES);
        Files.writeString(
                point.folder().resolve("bad_nodes"),
                "n7\t/data/missing cannot be read\t2100-01-01T00:00:00Z\nn8\tno memory\t2100-01-01T00:00:00Z\n");
        String job = point.submit("batch_preflight --reads /data/missing" + RUN, "--nodes=1");
        cluster.awaitState(job, "FAILED 0 3:0");

        assertEquals("n8\tno memory\t2100-01-01T00:00:00Z\n", point.text("bad_nodes"));
        assertTrue(point.events(0).contains("on every node: /data/missing cannot be read"), point.events(0));
    }

    @Test
    void everyRunOfAJobHearsOfBrokenNodes() throws Exception {
        var point = BatchPoint.ofInstances(cluster, home, 3, FINISHES);
        Files.writeString(point.folder().resolve("result_1.txt"), "finished\n");
        String job = point.submit("batch_preflight --reads /data/missing" + RUN, "--nodes=2");
        cluster.awaitState(job, "FAILED 0 3:0");

        for (int run : new int[] {0, 2}) {
            assertTrue(
                    point.events(run).matches("(?s)preflight\tn1: .*\npreflight\tn2: .*\nfailed\t.* on every node: .*"),
                    point.events(run));
        }
        assertEquals("", point.events(1));
    }
}
