package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Functions of the launcher's scripts, each in a shell of its own. */
final class LauncherShell {
    static final Path SCRIPTS = Path.of("launcher").toAbsolutePath();

    private LauncherShell() {}

    /** The output of {@code commands}, run in {@code directory} after the script has been read in. */
    static String run(Path directory, String script, String commands) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-c", ". '" + SCRIPTS.resolve(script) + "'\n" + commands)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        // Those of the tests themselves.
        builder.environment()
                .keySet()
                .removeAll(List.of("MLHPC_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"));
        Process bash = builder.start();
        bash.getOutputStream().close();
        var output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(bash.waitFor(30, TimeUnit.SECONDS), "the shell ends");
        return output;
    }
}
