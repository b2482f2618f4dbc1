package org.mlhpc.roofline.kernels;

import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The loops that the JIT compiler turns into vector code; each thread has arrays of its own. */
@State(Scope.Thread)
public class JavaLoops {
    /** Elements of the arithmetic loops: enough independent chains, few enough for L1. */
    static final int ACCUMULATORS = 512;
    /** Multiply-adds between load and store of an accumulator. */
    static final int CHAIN = 16;

    @Param("READ")
    public Kernel kernel = Kernel.READ;

    /** Of each array. */
    @Param("1024")
    public int elements;

    @Param("1")
    public long repeats;

    private double[] a = {};
    private double[] b = {};
    private double[] c = {};
    private float[] singles = {};

    /** Allocates. */
    @Setup(Level.Trial)
    public void allocate() {
        boolean arithmetic = kernel.arrays() == 0;
        int length = arithmetic ? ACCUMULATORS : kernel == Kernel.READ ? elements / 2 : elements;
        a = ones(length);
        b = ones(kernel == Kernel.TRIAD || kernel == Kernel.COPY || kernel == Kernel.READ ? length : 0);
        c = ones(kernel == Kernel.TRIAD ? length : 0);
        singles = new float[ACCUMULATORS];
    }

    private static double[] ones(int length) {
        double[] array = new double[length];
        Arrays.fill(array, 1);
        return array;
    }

    /** Passes through the arrays. */
    @Benchmark
    public double pass() {
        double result = 0;
        for (long r = 0; r < repeats; r++) {
            switch (kernel) {
                case READ -> result += Arrays.mismatch(a, b);
                case COPY -> System.arraycopy(b, 0, a, 0, a.length);
                case TRIAD -> triad(a, b, c);
                case FMA_FP64 -> fma(a);
                case FMA_FP32 -> fma(singles);
                default -> throw new IllegalArgumentException("no Java loop does " + kernel);
            }
        }
        return result;
    }

    private static void triad(double[] a, double[] b, double[] c) {
        for (int i = 0; i < a.length; i++) {
            a[i] = b[i] + 3.0 * c[i];
        }
    }

    /** A contracting map, so that values stay ordinary numbers. */
    private static void fma(double[] values) {
        for (int i = 0; i < values.length; i++) {
            double s = values[i];
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            s = Math.fma(s, 0.5, 0.25);
            values[i] = Math.fma(s, 0.5, 0.25);
        }
    }

    private static void fma(float[] values) {
        for (int i = 0; i < values.length; i++) {
            float s = values[i];
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            s = Math.fma(s, 0.5f, 0.25f);
            values[i] = Math.fma(s, 0.5f, 0.25f);
        }
    }
}
