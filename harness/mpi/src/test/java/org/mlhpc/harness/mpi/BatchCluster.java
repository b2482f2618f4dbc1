package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mlhpc.slurm.throwaway.ClusterScript;
import org.mlhpc.slurm.throwaway.Shell;

/** A Slurm of the nodes n1 and n2 on this machine, whose jobs run a bundle of the suite. */
final class BatchCluster implements AutoCloseable {
    private static final Duration SETTLED = Duration.ofSeconds(4);

    private final Bundle bundle;
    private final ClusterScript script;

    private BatchCluster(Bundle bundle, ClusterScript script) {
        this.bundle = bundle;
        this.script = script;
    }

    /** Skips the test where a program is missing. */
    static void assumePrograms() throws IOException, InterruptedException {
        ClusterScript.assumeInstalled();
        Shell.assumePrograms("git", "git");
    }

    /** Starts a cluster that keeps everything in the folder {@code slurm}; one after the other, since each looks for free ports. */
    static synchronized BatchCluster start(Bundle bundle, Path slurm) throws IOException, InterruptedException {
        var script = ClusterScript.of(Bundle.ROOT, slurm, bundle.shell());
        script.start();
        return new BatchCluster(bundle, script);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        script.stop();
    }

    /** Runs {@code ./mlhpc} of the bundle as on a login node. */
    Shell.Ended mlhpc(String... arguments) throws IOException, InterruptedException {
        return bundle.mlhpc(script.shell(), arguments);
    }

    /** Output of a command that is expected to succeed, such as one of Slurm's programs. */
    String run(String... command) throws IOException, InterruptedException {
        return script.shell().run(command);
    }

    /** As a crash of the whole machine does. */
    void crash(String node) throws IOException, InterruptedException {
        script.kill(node);
    }

    /** Slurm's daemon of a node alone: what runs there goes on, and Slurm hears no more of it. */
    void killDaemon(String node) throws IOException {
        String pid = Files.readString(script.folder().resolve("slurmd-" + node + ".pid"))
                .strip();
        assertTrue(ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly(), "slurmd of " + node);
    }

    /** Starts the daemon of a node that is down. */
    void revive(String node) throws IOException, InterruptedException {
        script.revive(node);
    }

    /** Waits until {@code condition} holds; Slurm's own two minutes before it starts a job again are cut short. */
    void await(String what, Callable<Boolean> condition) throws Exception {
        Map<String, Long> waiting = new HashMap<>();
        Duration limit = script.shell().limit();
        for (long end = System.nanoTime() + limit.toNanos(); System.nanoTime() < end; Thread.sleep(300)) {
            if (condition.call()) {
                return;
            }
            releaseWaiting(waiting);
        }
        throw new AssertionError(
                what + " did not happen in " + limit.toSeconds() + " s: " + run("squeue") + "\n" + logs());
    }

    /** Not at once: the nodes have to be done with the start before. */
    private void releaseWaiting(Map<String, Long> waiting) throws IOException, InterruptedException {
        for (String job :
                run("squeue", "-h", "-r", "-t", "PENDING", "-o", "%i %r").split("\n", -1)) {
            String id = job.split(" ", 2)[0];
            if (!job.endsWith(" BeginTime")) {
                waiting.remove(id);
            } else if (System.nanoTime() - waiting.computeIfAbsent(id, each -> System.nanoTime()) > SETTLED.toNanos()) {
                script.shell().end(List.of("scontrol", "update", "JobId=" + id, "StartTime=now"));
            }
        }
    }

    /** Waits until no job is left. */
    void awaitEmptyQueue() throws Exception {
        await("the end of all jobs", () -> run("squeue", "-h").isEmpty());
    }

    private String logs() throws IOException, InterruptedException {
        return run("sh", "-c", "find . -path '*/jobs/*.out' -exec tail -n 30 {} +");
    }
}
