package org.mlhpc.oc20;

import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The published initial values that no uniform distribution gives. Computed in Java, whose arithmetic is the same on every
 * node, so that all ranks start from the same weights.
 */
final class InitialWeights {
    /** {@code glorot_orthogonal} of PyTorch Geometric with the published scale. */
    private static final double SCALE = 2;

    private static final String FREQUENCIES = "rbf.freq";

    private InitialWeights() {}

    /**
     * Frequencies n π; weights of hidden layers orthogonal, scaled so that their variance is 2 / (fan in + fan out); zeros
     * for biases and for the last layer of an output block.
     */
    static void fill(Map<String, Tensor> tensors, long seed) {
        var random = new Random(seed);
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            tensors.forEach((name, tensor) -> {
                if (name.equals(FREQUENCIES)) {
                    copy(frequencies((int) tensor.numel()), tensor);
                } else if (isOrthogonal(name)) {
                    copy(orthogonal((int) tensor.size(0), (int) tensor.size(1), random), tensor);
                }
            });
        }
    }

    private static boolean isOrthogonal(String name) {
        return name.endsWith(".weight")
                && !name.startsWith("emb.")
                && !(name.startsWith("output_blocks.") && name.endsWith(".lin.weight"));
    }

    private static void copy(float[] values, Tensor tensor) {
        tensor.copy_(torch.from_blob(new FloatPointer(values), tensor.shape()));
    }

    private static float[] frequencies(int count) {
        float[] values = new float[count];
        for (int n = 0; n < count; n++) {
            values[n] = (float) (Math.PI * (n + 1));
        }
        return values;
    }

    /** Rows or columns, whichever are fewer, of a random orthonormal set, by Gram and Schmidt's procedure, twice. */
    static float[] orthogonal(int rows, int columns, Random random) {
        int count = Math.min(rows, columns);
        int length = Math.max(rows, columns);
        double[][] vectors = new double[count][length];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < length; k++) {
                vectors[i][k] = random.nextGaussian();
            }
            orthonormalise(vectors, i);
            orthonormalise(vectors, i);
        }
        return scaled(vectors, rows <= columns, rows, columns);
    }

    private static void orthonormalise(double[][] vectors, int index) {
        double[] v = vectors[index];
        for (int i = 0; i < index; i++) {
            double along = dot(vectors[i], v);
            for (int k = 0; k < v.length; k++) {
                v[k] -= along * vectors[i][k];
            }
        }
        double norm = Math.sqrt(dot(v, v));
        for (int k = 0; k < v.length; k++) {
            v[k] /= norm;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    private static float[] scaled(double[][] vectors, boolean areRows, int rows, int columns) {
        double[] values = new double[rows * columns];
        double mean = 0;
        for (int i = 0; i < values.length; i++) {
            int row = i / columns;
            int column = i % columns;
            values[i] = areRows ? vectors[row][column] : vectors[column][row];
            mean += values[i] / values.length;
        }
        double variance = 0;
        for (double value : values) {
            variance += (value - mean) * (value - mean) / Math.max(1, values.length - 1);
        }
        double factor = Math.sqrt(SCALE / ((rows + columns) * variance));
        float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (factor * values[i]);
        }
        return scaled;
    }
}
