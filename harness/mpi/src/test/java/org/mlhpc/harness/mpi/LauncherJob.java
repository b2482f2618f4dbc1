package org.mlhpc.harness.mpi;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A job started by the launcher's own scripts, with the classes of this test instead of a build. */
final class LauncherJob {
    private static final long LIMIT_SECONDS = 120;
    private static final Path LAUNCHER =
            Path.of("..", "launcher").toAbsolutePath().normalize();
    private static final String START =
            """
            set -uo pipefail
            launcher=$1 home=$2
            shift 2
            for part in common jdk mpi allocator build ranks job; do . "$launcher/$part.sh"; done
            build_if_needed() { app=$home; }
            start "$@"
            """;

    private final Process process;
    private final Path output;

    private LauncherJob(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts {@code ./mlhpc ARGUMENTS}.
     *
     * @param directory where to work
     */
    static LauncherJob start(Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        Path app = Files.createDirectories(directory.resolve("app"));
        Files.writeString(app.resolve("classpath"), System.getProperty("java.class.path"));
        var command = new ArrayList<>(List.of("bash", "-c", START, "mlhpc", LAUNCHER.toString(), app.toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile(directory, "job", ".log");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().remove("MLHPC_CACHE");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MLHPC_NO_INSTALL", "1");
        builder.environment().put("MLHPC_MPI_JAR", mpiJar());
        builder.environment().put("MLHPC_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        builder.environment().putAll(environment);
        return new LauncherJob(builder.start(), output);
    }

    private static String mpiJar() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith("mpi.jar"))
                .findFirst()
                .orElseThrow();
    }

    /** As kill does by default. */
    void terminate() {
        process.destroy();
    }

    /** Exit code, once the job has ended. */
    int await() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroy();
            throw new IllegalStateException("the job hangs; its output so far: " + output());
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(output);
    }
}
