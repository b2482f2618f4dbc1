package org.mlhpc.slurm.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.mlhpc.slurm.throwaway.ClusterScript;
import org.mlhpc.slurm.throwaway.Shell;

/**
 * A Slurm of the nodes n1 and n2 on this machine, and its programs: of one class of tests, which it skips where Slurm is missing. No test
 * leaves a job to the next one.
 */
final class ThrowawayCluster implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    static final Duration LIMIT = Duration.ofSeconds(60);

    private final Map<String, String> environment;
    private Path directory = Path.of("");

    ThrowawayCluster() {
        this(Map.of());
    }

    /** @param environment of the script that starts it, beside what all tests want */
    ThrowawayCluster(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
        ClusterScript.assumeInstalled();
        directory = Files.createTempDirectory("mlhpc-cluster");
        script().start();
    }

    private ClusterScript script() {
        return ClusterScript.of(Path.of(".."), directory.resolve("slurm"), new Shell(directory, environment, LIMIT));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        run("scancel", "--user=" + System.getProperty("user.name"));
        // A job leaves its nodes some time after it was cancelled, and the next test would find them taken.
        await("the queue", () -> output("squeue", "--noheader", "--all"), "");
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
        if (directory.isAbsolute()) {
            script().stop();
            delete(directory);
        }
    }

    private static void delete(Path tree) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(tree)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }

    /** As a crash does. */
    void kill(String node) throws IOException, InterruptedException {
        script().kill(node);
    }

    void revive(String node) throws IOException, InterruptedException {
        script().revive(node);
        await("node " + node, () -> output("sinfo", "-h", "-p", "short", "-n", node, "-o", "%t"), "idle|mix|alloc");
    }

    /** Standard output of a command that is expected to succeed. */
    String run(Map<String, String> variables, String... command) throws IOException, InterruptedException {
        return script().shell().with(variables).run(command);
    }

    String run(String... command) throws IOException, InterruptedException {
        return run(Map.of(), command);
    }

    /** What a program of Slurm says to {@code slurm status}. */
    String answer(List<String> command) throws IOException {
        if (command.get(0).equals("sacct")) {
            throw new IOException("this cluster keeps no accounts");
        }
        return output(command.toArray(String[]::new));
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
