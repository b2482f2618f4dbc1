package org.mlhpc.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Job scripts on a real Slurm of two nodes, with a stand-in for mlhpc that writes down what it is told. */
class SlurmClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private static Path cluster;

    @TempDir
    private Path home;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        for (String program : List.of("slurmctld", "slurmd", "munged")) {
            assumeTrue(
                    new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin command -v " + program)
                                    .start()
                                    .waitFor()
                            == 0,
                    program + " is missing (Debian: slurm-wlm, munge)");
        }
        throwaway("start");
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        throwaway("stop");
    }

    private static void throwaway(String verb) throws IOException, InterruptedException {
        run("", "throwaway/cluster", verb, cluster.resolve("slurm").toString());
    }

    /** Standard output of a command that is expected to succeed. */
    private static String run(String input, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(cluster, "command", ".log");
        // A file, since the daemons keep the output of what started them open.
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment()
                .put("SLURM_CONF", cluster.resolve("slurm/slurm.conf").toString());
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), () -> String.join(" ", command) + " hangs");
        String said = Files.readString(output).strip();
        assertEquals(0, process.exitValue(), () -> String.join(" ", command) + ": " + said);
        return said;
    }

    private String submit(String behaviour) throws IOException, InterruptedException {
        Path mlhpc = home.resolve("mlhpc");
        Files.writeString(mlhpc, "#!/bin/bash\ncd " + home + "\necho \"$*\" >> received\n" + behaviour + "\n");
        assertTrue(mlhpc.toFile().setExecutable(true));
        var job = new JobSpec("mlhpc-test", 2, 1, "5", home, List.of("run", "cosmoflow"));
        return run(new JobScript(Site.plain(), job, home).text(), "sbatch", "--parsable");
    }

    private static String state(String job) throws IOException, InterruptedException {
        return run("", "scontrol", "--oneliner", "show", "job", job)
                .replaceFirst("(?s).*JobState=(\\w+).*Restarts=(\\d+).*ExitCode=(\\d+:\\d+).*", "$1 $2 $3");
    }

    private static void await(String job, String expected) throws IOException, InterruptedException {
        var seen = new ArrayList<String>();
        for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() < end; Thread.sleep(200)) {
            seen.add(state(job));
            if (seen.get(seen.size() - 1).matches(expected)) {
                return;
            }
        }
        throw new AssertionError("job " + job + " never was " + expected + " but "
                + seen.stream().distinct().toList());
    }

    private List<String> received(int lines) throws IOException, InterruptedException {
        Path file = home.resolve("received");
        for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() < end; Thread.sleep(100)) {
            if (Files.exists(file) && Files.readAllLines(file).size() >= lines) {
                return Files.readAllLines(file);
            }
        }
        throw new AssertionError("mlhpc was not started " + lines + " times");
    }

    private String expectedCall() {
        return "run cosmoflow --ranks 2 --out " + home + " --resume";
    }

    @Test
    void aJobRunsOnBothNodesAndKeepsItsExitCode() throws IOException, InterruptedException {
        String job = submit("srun --nodes=2 --ntasks=2 sh -c 'echo $SLURMD_NODENAME >> nodes'; exit 1");
        await(job, "FAILED 0 1:0");
        assertEquals(List.of(expectedCall()), received(1));
        assertEquals(
                List.of("n1", "n2"),
                Files.readAllLines(home.resolve("nodes")).stream().sorted().toList());
    }

    /** The signal that Slurm sends before the time limit or to make room. */
    @Test
    void aJobThatIsToldToEndGoesOnWhereItStopped() throws IOException, InterruptedException {
        String job = submit(
                """
                [[ -e checkpoint ]] && exit 0
                trap 'touch checkpoint; kill %1; exit 143' TERM
                sleep 100 &
                touch running
                wait
                """);
        received(1);
        for (long end = System.nanoTime() + LIMIT.toNanos();
                !Files.exists(home.resolve("running")) && System.nanoTime() < end; ) {
            Thread.sleep(50);
        }
        run("", "scancel", "--signal=TERM", "--batch", job);
        await(job, "PENDING 1 .*");
        // Slurm waits two minutes before it starts such a job again.
        run("", "scontrol", "update", "JobId=" + job, "StartTime=now");
        await(job, "COMPLETED 1 0:0");
        assertEquals(List.of(expectedCall(), expectedCall()), received(2));
    }
}
