package org.mlhpc.cosmoflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with {@code linear_theory.py}, which was written independently in numpy. */
class LinearTheoryOracleTest {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    /** Both sides integrate to better than this; the formulas are the same. */
    private static final double RELATIVE_TOLERANCE = 1e-4;

    @TempDir
    Path directory;

    @Test
    void transferFunctionPowerAndGrowthAgreeWithTheNumpyImplementation() throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "needs " + PYTHON);
        assumeTrue(python("-c", "import numpy").exitCode() == 0, "needs numpy for " + PYTHON);
        compare(new Cosmology(0.3089, 0.8159, 0.9667, 0.6774));
        compare(new Cosmology(0.22, 1.05, 1.2, 0.85));
    }

    private void compare(Cosmology cosmology) throws Exception {
        var transfer = new TransferFunction(cosmology);
        var power = new LinearPowerSpectrum(cosmology);
        var growth = new Growth(cosmology.omegaM());
        List<String> lines = oracle(cosmology);
        assertEquals(16, lines.size(), lines::toString);
        for (String line : lines) {
            String[] fields = line.split(" ", 3);
            double argument = Double.parseDouble(fields[1]);
            double expected = Double.parseDouble(fields[2]);
            double actual =
                    switch (fields[0]) {
                        case "transfer" -> transfer.at(argument);
                        case "power" -> power.at(argument);
                        case "growth" -> growth.firstOrder(argument);
                        default -> throw new IllegalStateException("unknown quantity: " + line);
                    };
            assertEquals(expected, actual, RELATIVE_TOLERANCE * expected, line);
        }
    }

    private List<String> oracle(Cosmology c) throws Exception {
        Path script = directory.resolve("linear_theory.py");
        try (InputStream in = LinearTheoryOracleTest.class.getResourceAsStream("linear_theory.py")) {
            Files.write(script, in.readAllBytes());
        }
        Output output = python(
                script.toString(),
                Double.toString(c.omegaM()),
                Double.toString(Cosmology.OMEGA_BARYON),
                Double.toString(c.sigma8()),
                Double.toString(c.spectralIndex()),
                Double.toString(c.h()));
        assertEquals(0, output.exitCode(), output.text());
        return output.text().lines().toList();
    }

    private record Output(int exitCode, String text) {}

    private Output python(String... arguments) throws IOException, InterruptedException {
        Path text = Files.createTempFile(directory, "python", ".txt");
        var command = new java.util.ArrayList<String>(List.of(PYTHON.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(text.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, "python did not end within a minute");
        return new Output(process.exitValue(), Files.readString(text, StandardCharsets.UTF_8));
    }
}
