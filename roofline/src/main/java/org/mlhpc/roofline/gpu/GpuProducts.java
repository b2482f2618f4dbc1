package org.mlhpc.roofline.gpu;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.gpu.GpuContext.Buffer;
import org.mlhpc.roofline.gpu.GpuContext.Products;
import org.mlhpc.roofline.gpu.GpuContext.Stream;

/** Large square matrix products by the vendor's library. */
public final class GpuProducts {
    public static final List<String> PRECISIONS = List.of("fp64", "fp32", "tf32", "fp16", "bf16");

    private static final int LARGEST = 8192;
    private static final int MULTIPLE = 256;
    private static final int MATRICES = 3;
    private static final int SHARE_OF_FREE = 2;
    /** A sum of n products of one sign rounds by less than n 2^-53 of itself, in whatever order: 9e-13 for the largest matrices. */
    private static final double TOLERANCE_FP64 = 1e-10;

    /** What matrices hold, and how products are summed. */
    public enum Kind {
        FP64(Numbers.FP64, 0x3ff3eff3),
        /** Without matrix units. */
        FP32(Numbers.FP32, 0x3f800000),
        TF32(Numbers.TF32, 0x3f800000),
        FP16(Numbers.FP16, 0x3c003c00),
        BF16(Numbers.BF16, 0x3f803f80);

        private final Numbers numbers;
        /** Fills a matrix with ones; in fp64, whose words would differ, with another number. */
        private final int word;

        Kind(Numbers numbers, int word) {
            this.numbers = numbers;
            this.word = word;
        }
    }

    private final GpuContext context;
    private final GpuTimer timer;

    public GpuProducts(GpuContext context, GpuTimer timer) {
        this.context = context;
        this.timer = timer;
    }

    /**
     * FLOP/s, two per multiply-add.
     *
     * @param precision one of {@link #PRECISIONS}
     * @throws GpuException also if there is no such library
     */
    public GpuRates rates(String precision) throws GpuException {
        Kind kind = Kind.valueOf(precision.toUpperCase(Locale.ROOT));
        int n = rows(kind.numbers.bytes());
        long bytes = (long) n * n * kind.numbers.bytes();
        try (Products products = context.products();
                Buffer a = context.allocate(bytes);
                Buffer b = context.allocate(bytes);
                Buffer c = context.allocate(bytes);
                Stream stream = context.stream()) {
            a.fill(kind.word);
            b.fill(kind.word);
            c.fill(0);
            Spread rates = timer.rates(2.0 * n * n * n, List.of(new GpuTimer.Lane(stream, repeats -> {
                for (long i = 0; i < repeats; i++) {
                    products.multiply(stream, kind, n, a, b, c);
                }
            })));
            return new GpuRates(rates, faultOf(kind, n, c.read(0, n * kind.numbers.bytes())));
        }
    }

    private int rows(int bytes) throws GpuException {
        double fits = Math.sqrt((double) context.freeBytes() / SHARE_OF_FREE / MATRICES / bytes);
        int n = (int) Math.min(LARGEST, fits) / MULTIPLE * MULTIPLE;
        if (n == 0) {
            throw new GpuException(
                    "too little memory of the device is free",
                    "end other processes that use it (nvidia-smi lists them)");
        }
        return n;
    }

    private static Optional<String> faultOf(Kind kind, int n, byte[] column) {
        boolean right;
        if (kind == Kind.FP64) {
            double value = Double.longBitsToDouble(((long) kind.word << Integer.SIZE) | kind.word);
            right = Arrays.stream(Numbers.FP64.decode(column))
                    .allMatch(sum -> Math.abs(sum / (n * value * value) - 1) < TOLERANCE_FP64);
        } else {
            double[] wanted = new double[n];
            Arrays.fill(wanted, n);
            right = Arrays.equals(kind.numbers.encode(wanted), column);
        }
        return right ? Optional.empty() : Optional.of("the library's product of ones is wrong");
    }
}
