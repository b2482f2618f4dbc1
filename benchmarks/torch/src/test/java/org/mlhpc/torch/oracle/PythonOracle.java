package org.mlhpc.torch.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Python script beside a test. The interpreter is the one of the distribution, whatever comes first on the PATH;
 * {@code MLHPC_PYTHON} names another.
 *
 * @param script resource beside {@code anchor}
 * @param directory to work in
 */
public record PythonOracle(Class<?> anchor, String script, Path directory) {
    private static final long LIMIT_SECONDS = 120;

    private static String interpreter() {
        return System.getenv().getOrDefault("MLHPC_PYTHON", "/usr/bin/python3");
    }

    /** Skips the test where the interpreter or one of {@code modules} is missing. */
    public PythonOracle assumeModules(String... modules) throws IOException, InterruptedException {
        String python = interpreter();
        assumeTrue(Files.isExecutable(Path.of(python)), "needs " + python);
        String imports = "import " + String.join(", ", modules);
        assumeTrue(start(List.of("-c", imports)).exitCode() == 0, python + " cannot " + imports);
        return this;
    }

    /** What the script prints. */
    public String run(String... arguments) throws IOException, InterruptedException {
        Path file = directory.resolve(script);
        try (InputStream in = anchor.getResourceAsStream(script)) {
            Files.write(file, in.readAllBytes());
        }
        var all = new ArrayList<>(List.of(file.toString()));
        all.addAll(List.of(arguments));
        Output output = start(all);
        assertEquals(0, output.exitCode(), output.text());
        return output.text();
    }

    private record Output(int exitCode, String text) {}

    private Output start(List<String> arguments) throws IOException, InterruptedException {
        Path text = Files.createTempFile(directory, "python", ".txt");
        var command = new ArrayList<>(List.of(interpreter()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(text.toFile());
        // Another libtorch must not see the allocator of this process.
        builder.environment().remove("LD_PRELOAD");
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, "python did not end within " + LIMIT_SECONDS + " s");
        return new Output(process.exitValue(), Files.readString(text));
    }
}
