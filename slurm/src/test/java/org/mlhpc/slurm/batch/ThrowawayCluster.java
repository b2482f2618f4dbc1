package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A Slurm of the nodes n1 and n2 on this machine, and its programs. */
final class ThrowawayCluster implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Path SCRIPT = Path.of("throwaway/cluster").toAbsolutePath();

    private final Path directory;

    private ThrowawayCluster(Path directory) {
        this.directory = directory;
    }

    /** Skips the test where Slurm is missing. */
    static ThrowawayCluster start(Path directory) throws IOException, InterruptedException {
        for (String program : List.of("slurmctld", "slurmd", "munged")) {
            assumeTrue(
                    new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin command -v " + program)
                                    .start()
                                    .waitFor()
                            == 0,
                    program + " is missing (Debian: slurm-wlm, munge)");
        }
        var cluster = new ThrowawayCluster(directory);
        cluster.throwaway("start");
        return cluster;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        throwaway("stop");
    }

    /** As a crash does. */
    void kill(String node) throws IOException, InterruptedException {
        throwaway("kill", node);
    }

    void revive(String node) throws IOException, InterruptedException {
        throwaway("revive", node);
        await("node " + node, () -> output("sinfo", "-h", "-n", node, "-o", "%t"), "idle|mix|alloc");
    }

    /** What a test has left in the queue. */
    void cancelAll() throws IOException, InterruptedException {
        run("scancel", "--user=" + System.getProperty("user.name"));
    }

    private void throwaway(String verb, String... further) throws IOException, InterruptedException {
        var words = new ArrayList<>(
                List.of(SCRIPT.toString(), verb, directory.resolve("slurm").toString()));
        words.addAll(List.of(further));
        run(Map.of("CLUSTER_PATIENCE", "5"), words.toArray(String[]::new));
    }

    /** Standard output of a command that is expected to succeed. */
    String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        // A file, since the daemons keep the output of what started them open.
        Path output = Files.createTempFile(directory, "command", ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment()
                .put("SLURM_CONF", directory.resolve("slurm/slurm.conf").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), () -> String.join(" ", command) + " hangs");
        String said = Files.readString(output).strip();
        Files.delete(output);
        assertEquals(0, process.exitValue(), () -> String.join(" ", command) + ": " + said);
        return said;
    }

    String run(String... command) throws IOException, InterruptedException {
        return run(Map.of(), command);
    }

    private String output(String... command) {
        try {
            return run(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the job's state, number of restarts and exit code match, as in {@code FAILED 0 3:0}. */
    void awaitState(String job, String pattern) throws InterruptedException {
        await(
                "job " + job,
                () -> output("scontrol", "--oneliner", "show", "job", job)
                        .replaceFirst("(?s).*JobState=(\\w+).*Restarts=(\\d+).*ExitCode=(\\d+:\\d+).*", "$1 $2 $3"),
                pattern);
    }

    /** Slurm waits two minutes before it starts a job again; this waits until it is back in the queue and has it start now. */
    void startAgain(String job, int restarts) throws IOException, InterruptedException {
        awaitState(job, "PENDING " + restarts + " .*");
        // A node refuses a job that starts in the second in which it was ended there.
        Thread.sleep(1500);
        run("scontrol", "update", "JobId=" + job, "StartTime=now");
    }

    static void await(String what, Supplier<String> seen, String pattern) throws InterruptedException {
        String last = "";
        for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() < end; Thread.sleep(100)) {
            last = seen.get();
            if (last.matches(pattern)) {
                return;
            }
        }
        throw new AssertionError(what + " never was " + pattern + " but " + last);
    }
}
