package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Slurm of two nodes on this machine, and a bundle of the suite as a user would unpack it: in a folder whose name has a space, with a
 * Maven that fails and nothing that may be installed.
 */
final class BatchCluster implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration SETTLED = Duration.ofSeconds(4);
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    private final Path folder;
    private Path bundle = Path.of("");

    private BatchCluster(Path folder) {
        this.folder = folder;
    }

    /** Starts the cluster, once the bundle is made of what Maven has packaged. */
    static BatchCluster start(Path folder) throws Exception {
        for (String program : List.of("slurmctld", "slurmd", "munged", "sbatch", "git")) {
            assumeTrue(
                    new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin command -v " + program)
                                    .start()
                                    .waitFor()
                            == 0,
                    program + " is missing (Debian: slurm-wlm, munge, git)");
        }
        var cluster = new BatchCluster(folder);
        cluster.unpackBundle();
        cluster.run(ROOT.resolve("slurm/throwaway/cluster").toString(), "start", cluster.slurm());
        return cluster;
    }

    private String slurm() {
        return folder.resolve("slurm").toString();
    }

    private void unpackBundle() throws Exception {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        Path maven = Files.writeString(
                programs.resolve("mvn"), "#!/bin/sh\ntouch '" + folder + "/maven-was-called'\nexit 1\n");
        assertTrue(maven.toFile().setExecutable(true));
        Path archive = folder.resolve("bundle.tar.gz");
        run(ROOT.resolve("mlhpc").toString(), "bundle", "--packaged", "--out", archive.toString());
        Path place = Files.createDirectories(folder.resolve("my place"));
        run("tar", "-C", place.toString(), "-xzf", archive.toString());
        Files.delete(archive);
        try (Stream<Path> unpacked = Files.list(place)) {
            bundle = unpacked.findFirst().orElseThrow();
        }
    }

    /** Whether anything was built, or written to where the bundle lies. */
    void assertUntouched() throws Exception {
        assertTrue(Files.notExists(folder.resolve("maven-was-called")), "Maven was called");
        run("sh", "-c", "cd \"$0\" && sha256sum --quiet -c SHA256SUMS", bundle.toString());
        String files = run("sh", "-c", "find \"$0\" -type f | wc -l", bundle.toString());
        assertEquals(Files.readAllLines(bundle.resolve("SHA256SUMS")).size() + 1, Integer.parseInt(files));
    }

    /** What a command was told and how it ended. */
    record Ended(int code, String output) {}

    /** Runs {@code ./mlhpc} of the bundle. */
    Ended mlhpc(String... arguments) throws Exception {
        return mlhpc(List.of(arguments));
    }

    Ended mlhpc(List<String> arguments) throws Exception {
        var command = new ArrayList<>(List.of(bundle.resolve("mlhpc").toString()));
        command.addAll(arguments);
        return end(command);
    }

    /** Output of a command that is expected to succeed. */
    String run(String... command) throws Exception {
        Ended ended = end(List.of(command));
        assertEquals(0, ended.code(), () -> String.join(" ", command) + ": " + ended.output());
        return ended.output().strip();
    }

    private Ended end(List<String> command) throws Exception {
        Path output = Files.createTempFile(folder, "command", ".log");
        // A file, since the daemons keep the output of what started them open.
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        var environment = builder.environment();
        environment.put("PATH", folder.resolve("programs") + ":" + System.getenv("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("SLURM_CONF", folder.resolve("slurm/slurm.conf").toString());
        if (!bundle.toString().isEmpty()) {
            // As on a node that sees it for the first time; the bundle itself is made with the machine's own.
            environment.put("MLHPC_CACHE", folder.resolve("cache").toString());
        }
        environment.put("MLHPC_NO_INSTALL", "1");
        environment.put("CLUSTER_PATIENCE", "5");
        environment.remove("MAVEN_HOME");
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " hangs: " + Files.readString(output));
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }

    /** The cluster's own programs: kill and revive. */
    void node(String verb, String node) throws Exception {
        run(ROOT.resolve("slurm/throwaway/cluster").toString(), verb, slurm(), node);
    }

    /** Waits until {@code condition} holds; Slurm's own two minutes before it starts a job again are cut short. */
    void await(String what, Callable<Boolean> condition) throws Exception {
        Map<String, Long> waiting = new HashMap<>();
        for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() < end; Thread.sleep(300)) {
            if (condition.call()) {
                return;
            }
            releaseWaiting(waiting);
        }
        throw new AssertionError(
                what + " did not happen in " + LIMIT.toSeconds() + " s: " + run("squeue") + "\n" + logs());
    }

    /** Not at once: the nodes have to be done with the start before. */
    private void releaseWaiting(Map<String, Long> waiting) throws Exception {
        for (String job :
                run("squeue", "-h", "-r", "-t", "PENDING", "-o", "%i %r").split("\n", -1)) {
            String id = job.split(" ", 2)[0];
            if (!job.endsWith(" BeginTime")) {
                waiting.remove(id);
            } else if (System.nanoTime() - waiting.computeIfAbsent(id, each -> System.nanoTime()) > SETTLED.toNanos()) {
                end(List.of("scontrol", "update", "JobId=" + id, "StartTime=now"));
            }
        }
    }

    boolean idle() throws Exception {
        return run("squeue", "-h").isEmpty();
    }

    private String logs() throws Exception {
        return run("sh", "-c", "find . -path '*/jobs/*.out' -exec tail -n 30 {} +");
    }

    @Override
    public void close() throws Exception {
        run(ROOT.resolve("slurm/throwaway/cluster").toString(), "stop", slurm());
    }
}
