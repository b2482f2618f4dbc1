package org.mlhpc.cosmoflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.torch.oracle.PythonOracle;

/** Compares with {@code linear_theory.py}, which was written independently in numpy. */
class LinearTheoryOracleTest {
    /** Both sides integrate to better than this; the formulas are the same. */
    private static final double RELATIVE_TOLERANCE = 1e-4;

    @TempDir
    Path directory;

    @Test
    void transferFunctionPowerAndGrowthAgreeWithTheNumpyImplementation() throws Exception {
        var python = new PythonOracle(LinearTheoryOracleTest.class, "linear_theory.py", directory);
        python.assumeModules("numpy");
        compare(python, new Cosmology(0.3089, 0.8159, 0.9667, 0.6774));
        compare(python, new Cosmology(0.22, 1.05, 1.2, 0.85));
    }

    private static void compare(PythonOracle python, Cosmology cosmology) throws Exception {
        var transfer = new TransferFunction(cosmology);
        var power = new LinearPowerSpectrum(cosmology);
        var growth = new Growth(cosmology.omegaM());
        List<String> lines = oracle(python, cosmology);
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

    private static List<String> oracle(PythonOracle python, Cosmology c) throws Exception {
        return python.run(
                        Double.toString(c.omegaM()),
                        Double.toString(Cosmology.OMEGA_BARYON),
                        Double.toString(c.sigma8()),
                        Double.toString(c.spectralIndex()),
                        Double.toString(c.h()))
                .lines()
                .toList();
    }
}
