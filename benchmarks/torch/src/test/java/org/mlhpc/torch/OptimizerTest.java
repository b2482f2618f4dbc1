package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.torch.oracle.PythonOracle;

/** Optimizers against the formulas in float64 and against PyTorch's. */
class OptimizerTest {
    private static final int UPDATES = 20;
    private static final double RATE = 0.01;
    private static final double EPS = 1e-6;
    private static final List<Double> BETAS = List.of(0.9, 0.99);
    private static final List<Long> SIZES = List.of(12L, 5L, 30L);
    /**
     * In float32 an update of about RATE has an error of a few roundings, 1e-7 of it; the weights, near 1, are rounded by 6e-8
     * in each of UPDATES updates. A wrong correction or power changes updates by percents, so weights by 1e-4.
     */
    private static final double TOLERANCE = 3e-6;

    @TempDir
    private Path directory;

    private static List<ParameterSpec> specs() {
        var specs = new ArrayList<ParameterSpec>();
        for (int i = 0; i < SIZES.size(); i++) {
            specs.add(ParameterSpec.contiguous("t" + i, List.of(SIZES.get(i)), Initial.uniform(i == 1 ? 0.01 : 1)));
        }
        return specs;
    }

    private static AdamOptions options(double decay) {
        return new AdamOptions(BETAS, EPS, decay);
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[(int) tensor.numel()];
        FloatPointer floats = tensor.data_ptr_float();
        for (int i = 0; i < values.length; i++) {
            values[i] = floats.get(i);
        }
        return values;
    }

    /** The same numbers, rounded to float32, for both. */
    private static double[] gradient(int update, int length) {
        var random = new Random(update);
        return random.doubles(length, -1, 1)
                .map(value -> (float) (value * Math.pow(2, update % 5)))
                .toArray();
    }

    private static Tensor tensor(double[] values) {
        Tensor tensor = torch.zeros(values.length);
        FloatPointer floats = tensor.data_ptr_float();
        for (int i = 0; i < values.length; i++) {
            floats.put(i, (float) values[i]);
        }
        return tensor;
    }

    private static double[] train(Parameters parameters, Optimizer optimizer) {
        int length = (int) parameters.flat().numel();
        for (int update = 1; update <= UPDATES; update++) {
            optimizer.update(tensor(gradient(update, length)), RATE, update);
        }
        return values(parameters.flat());
    }

    /** In the words of the papers, element by element. */
    private static final class Reference {
        private final double[] w;
        private final double[] m;
        private final double[] v;

        Reference(double[] weights) {
            w = weights.clone();
            m = new double[w.length];
            v = new double[w.length];
        }

        double direction(int i, double gradient, int t) {
            m[i] = BETAS.get(0) * m[i] + (1 - BETAS.get(0)) * gradient;
            v[i] = BETAS.get(1) * v[i] + (1 - BETAS.get(1)) * gradient * gradient;
            double mean = m[i] / (1 - Math.pow(BETAS.get(0), t));
            double square = v[i] / (1 - Math.pow(BETAS.get(1), t));
            return mean / (Math.sqrt(square) + EPS);
        }

        double[] adam(double decay, boolean decoupled) {
            for (int t = 1; t <= UPDATES; t++) {
                double[] g = gradient(t, w.length);
                for (int i = 0; i < w.length; i++) {
                    double old = w[i];
                    double step = direction(i, g[i] + (decoupled ? 0 : decay * old), t);
                    w[i] = old - RATE * step - (decoupled ? RATE * decay * old : 0);
                }
            }
            return w;
        }

        double[] lamb(double decay) {
            for (int t = 1; t <= UPDATES; t++) {
                double[] g = gradient(t, w.length);
                double shorten = Math.max(1, norm(g, 0, g.length));
                int end = w.length;
                // The block begins with the last tensor.
                for (long size : SIZES) {
                    int begin = end - (int) size;
                    double[] u = new double[w.length];
                    for (int i = begin; i < end; i++) {
                        u[i] = direction(i, g[i] / shorten, t) + decay * w[i];
                    }
                    double ratio = decay == 0 ? 1 : norm(w, begin, end) / norm(u, begin, end);
                    for (int i = begin; i < end; i++) {
                        w[i] -= RATE * ratio * u[i];
                    }
                    end = begin;
                }
            }
            return w;
        }

        private static double norm(double[] x, int begin, int end) {
            double sum = 0;
            for (int i = begin; i < end; i++) {
                sum += x[i] * x[i];
            }
            return Math.sqrt(sum);
        }
    }

    private static void check(Function<Parameters, Optimizer> optimizer, Function<Reference, double[]> reference) {
        try (var scope = new PointerScope();
                var parameters = new Parameters(specs(), ScalarType.Float, 5);
                Optimizer own = optimizer.apply(parameters)) {
            double[] expected = reference.apply(new Reference(values(parameters.flat())));
            double[] found = train(parameters, own);
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], found[i], TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void adamFollowsItsFormula(double decay) {
        check(parameters -> Adam.adam(parameters, options(decay)), reference -> reference.adam(decay, false));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void adamWFollowsItsFormula(double decay) {
        check(parameters -> Adam.adamW(parameters, options(decay)), reference -> reference.adam(decay, true));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void lambFollowsItsFormula(double decay) {
        check(parameters -> new Lamb(parameters, options(decay)), reference -> reference.lamb(decay));
    }

    @Test
    void lambDoesNotDivideByTheNormOfZeroWeights() {
        var spec = ParameterSpec.contiguous("zeros", List.of(3L), Initial.constant(0));
        try (var scope = new PointerScope();
                var parameters = new Parameters(List.of(spec), ScalarType.Float, 5);
                var lamb = new Lamb(parameters, options(0.1))) {
            lamb.update(tensor(new double[] {0.5, -0.5, 0.5}), RATE, 1);
            // The first direction is the sign of the gradient, but for eps / 0.5.
            assertEquals(-RATE, values(parameters.flat())[0], 1e-5 * RATE);
        }
    }

    @ParameterizedTest
    @CsvSource({"Adam, 0.1", "AdamW, 0.1", "Adam, 0"})
    void adamIsThatOfPyTorch(String name, double decay) throws Exception {
        var python = new PythonOracle(OptimizerTest.class, "optimizer_oracle.py", directory).assumeModules("torch");
        try (var scope = new PointerScope();
                var parameters = new Parameters(specs(), ScalarType.Float, 5);
                Optimizer own = name.equals("Adam")
                        ? Adam.adam(parameters, options(decay))
                        : Adam.adamW(parameters, options(decay))) {
            var text = new StringBuilder(line(values(parameters.flat())));
            for (int update = 1; update <= UPDATES; update++) {
                text.append(line(gradient(update, (int) parameters.flat().numel())));
            }
            Path file = Files.writeString(directory.resolve("numbers.txt"), text);
            String[] expected = python.run(
                            file.toString(),
                            name,
                            "" + RATE,
                            "" + BETAS.get(0),
                            "" + BETAS.get(1),
                            "" + EPS,
                            "" + decay)
                    .strip()
                    .split(" ", -1);
            double[] found = train(parameters, own);
            for (int i = 0; i < found.length; i++) {
                assertEquals(Double.parseDouble(expected[i]), found[i], TOLERANCE);
            }
        }
    }

    private static String line(double[] values) {
        var line = new StringBuilder();
        for (double value : values) {
            line.append(String.format(Locale.ROOT, "%.17g ", value));
        }
        return line.append('\n').toString();
    }

    @Test
    void wrongOptionsAreNamed() {
        var e = assertThrows(IllegalArgumentException.class, () -> new AdamOptions(List.of(0.9), EPS, 0));
        assertEquals("setting opt_betas=[0.9] must be two numbers in [0, 1)", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new AdamOptions(BETAS, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new AdamOptions(BETAS, EPS, -1));
    }
}
