package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A Slurm of the nodes n1 and n2 on this machine, whose jobs run a bundle of the suite. */
final class BatchCluster implements AutoCloseable {
    private static final Duration SETTLED = Duration.ofSeconds(4);
    private static final String SCRIPT =
            Bundle.ROOT.resolve("slurm/throwaway/cluster").toString();

    private final Bundle bundle;
    private final Path slurm;
    private final Shell shell;

    private BatchCluster(Bundle bundle, Path slurm) {
        this.bundle = bundle;
        this.slurm = slurm;
        this.shell = bundle.shell()
                .with("SLURM_CONF", slurm.resolve("slurm.conf").toString())
                .with("CLUSTER_PATIENCE", "5");
    }

    /** Skips the test where a program is missing. */
    static void assumePrograms() throws IOException, InterruptedException {
        for (String program : List.of("slurmctld", "slurmd", "munged", "sbatch", "git")) {
            int missing = new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin command -v " + program)
                    .start()
                    .waitFor();
            assumeTrue(missing == 0, program + " is missing (Debian: slurm-wlm, munge, git)");
        }
    }

    /** Starts a cluster that keeps everything in the folder {@code slurm}; one after the other, since each looks for free ports. */
    static synchronized BatchCluster start(Bundle bundle, Path slurm) throws IOException, InterruptedException {
        var cluster = new BatchCluster(bundle, slurm);
        cluster.run(SCRIPT, "start", slurm.toString());
        return cluster;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run(SCRIPT, "stop", slurm.toString());
    }

    /** Runs {@code ./mlhpc} of the bundle as on a login node. */
    Shell.Ended mlhpc(String... arguments) throws IOException, InterruptedException {
        return bundle.mlhpc(shell, arguments);
    }

    /** Output of a command that is expected to succeed, such as one of Slurm's programs. */
    String run(String... command) throws IOException, InterruptedException {
        return shell.run(command);
    }

    /** As a crash of the whole machine does. */
    void crash(String node) throws IOException, InterruptedException {
        run(SCRIPT, "kill", slurm.toString(), node);
    }

    /** Slurm's daemon of a node alone: what runs there goes on, and Slurm hears no more of it. */
    void killDaemon(String node) throws IOException {
        String pid = Files.readString(slurm.resolve("slurmd-" + node + ".pid")).strip();
        assertTrue(ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly(), "slurmd of " + node);
    }

    /** Starts the daemon of a node that is down. */
    void revive(String node) throws IOException, InterruptedException {
        run(SCRIPT, "revive", slurm.toString(), node);
    }

    /** Waits until {@code condition} holds; Slurm's own two minutes before it starts a job again are cut short. */
    void await(String what, Callable<Boolean> condition) throws Exception {
        Map<String, Long> waiting = new HashMap<>();
        for (long end = System.nanoTime() + Shell.LIMIT.toNanos(); System.nanoTime() < end; Thread.sleep(300)) {
            if (condition.call()) {
                return;
            }
            releaseWaiting(waiting);
        }
        throw new AssertionError(
                what + " did not happen in " + Shell.LIMIT.toSeconds() + " s: " + run("squeue") + "\n" + logs());
    }

    /** Not at once: the nodes have to be done with the start before. */
    private void releaseWaiting(Map<String, Long> waiting) throws IOException, InterruptedException {
        for (String job :
                run("squeue", "-h", "-r", "-t", "PENDING", "-o", "%i %r").split("\n", -1)) {
            String id = job.split(" ", 2)[0];
            if (!job.endsWith(" BeginTime")) {
                waiting.remove(id);
            } else if (System.nanoTime() - waiting.computeIfAbsent(id, each -> System.nanoTime()) > SETTLED.toNanos()) {
                shell.end(List.of("scontrol", "update", "JobId=" + id, "StartTime=now"));
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
