package org.mlhpc.harness.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A finished {@code mpirun} of {@link RankMain}.
 *
 * @param output of all ranks and of mpirun, mixed
 */
record RankJob(int exitCode, String output, long endMillis) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    static RankJob run(int ranks, String scene) throws IOException, InterruptedException {
        return run(ranks, scene, Map.of());
    }

    static RankJob run(int ranks, String scene, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("ranks-", ".log");
        var builder = new ProcessBuilder(command(ranks, scene))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process mpirun = builder.start();
        if (!mpirun.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            mpirun.destroy();
            throw new IllegalStateException("mpirun hangs; its output so far: " + Files.readString(log));
        }
        String output = Files.readString(log);
        Files.delete(log);
        return new RankJob(mpirun.exitValue(), output, System.currentTimeMillis());
    }

    static List<String> command(int ranks, String... scene) {
        var command = new ArrayList<>(List.of("mpirun", "-n", Integer.toString(ranks)));
        command.addAll(List.of("--allow-run-as-root", "--oversubscribe", "--bind-to", "none"));
        command.addAll(List.of("--mca", "oob_tcp_if_include", "lo", "--mca", "btl", "self,vader"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RankMain.class.getName()));
        command.addAll(List.of(scene));
        return command;
    }
}
