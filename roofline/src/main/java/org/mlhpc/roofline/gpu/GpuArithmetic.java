package org.mlhpc.roofline.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.gpu.GpuContext.Buffer;
import org.mlhpc.roofline.gpu.GpuContext.Kernel;
import org.mlhpc.roofline.gpu.GpuContext.Stream;

/** Multiply-adds on a device's registers and products on its matrix units. */
public final class GpuArithmetic {
    public static final List<String> LOOPS = List.of("fp64", "fp32", "fp16", "bf16");
    public static final List<String> MATRIX = List.of("fp64", "tf32", "fp16", "bf16");

    /** More than it takes to arrive at the fixed point; few enough for sums of products to be exact. */
    private static final int CHECKED_REPEATS = 8;
    /**
     * Operands are whole numbers below this. All formats hold them, and fp32 the sum of a thread: 8 repeats of 8 rounds, 16 products
     * of 7 x 7 in each of 128 elements, are less than 2^24.
     */
    private static final int LIMIT = 8;

    private final GpuContext context;
    private final GpuTimer timer;

    public GpuArithmetic(GpuContext context, GpuTimer timer) {
        this.context = context;
        this.timer = timer;
    }

    /** @param precision one of {@link #LOOPS} */
    public GpuRates loop(String precision) throws GpuException {
        FmaPtx kind = FmaPtx.valueOf(precision.toUpperCase(Locale.ROOT));
        return loop(kind, (stream, kernel, buffers) -> {
            Spread rates = rates(stream, kernel, buffers, kind.flopPerRepeat());
            stream.launch(kernel, buffers, CHECKED_REPEATS);
            byte[] found = buffers.get(0).read(0, Math.toIntExact(buffers.get(0).bytes()));
            return new GpuRates(
                    rates,
                    Arrays.equals(found, arrived(kind, found.length))
                            ? Optional.empty()
                            : Optional.of("the multiply-adds did not arrive at their fixed point"));
        });
    }

    /** Clock of the processors while all of them multiply and add in fp32, in hertz: the highest of the iterations. */
    public double clockHertz() throws GpuException {
        return loop(FmaPtx.FP32, (stream, kernel, buffers) -> {
            double highest = 0;
            long repeats = timer.repeats(List.of(lane(stream, kernel, buffers)));
            for (int i = 0; i < timer.iterations(); i++) {
                double seconds = GpuTimer.time(List.of(lane(stream, kernel, buffers)), repeats);
                ByteBuffer cycles = ByteBuffer.wrap(buffers.get(2).read(0, Long.BYTES));
                highest =
                        Math.max(highest, cycles.order(ByteOrder.LITTLE_ENDIAN).getLong() / seconds);
            }
            return highest;
        });
    }

    /** What is done with a loop that is ready to run; buffers are those that {@link FmaPtx} wants. */
    @FunctionalInterface
    private interface LoopUse<T> {
        T with(Stream stream, Kernel kernel, List<Buffer> buffers) throws GpuException;
    }

    private <T> T loop(FmaPtx kind, LoopUse<T> use) throws GpuException {
        PtxKernel source = supported(kind.kernel(), kind.precision() + " multiply-adds");
        byte[] constants = constants(kind);
        try (Buffer in = context.allocate(constants.length);
                Buffer out = context.allocate(source.threads(context.device()) * kind.bytes());
                Buffer cycles = context.allocate(Long.BYTES);
                Stream stream = context.stream()) {
            in.write(constants);
            return use.with(stream, context.load(source), List.of(out, in, cycles));
        }
    }

    /** Different starts for all chains, then one half, one quarter, one; both lanes of a register alike. */
    private static byte[] constants(FmaPtx kind) {
        double[] values = new double[FmaPtx.CHAINS + 3];
        for (int i = 0; i < FmaPtx.CHAINS; i++) {
            values[i] = 1 + i / (double) FmaPtx.CHAINS;
        }
        values[FmaPtx.CHAINS] = 0.5;
        values[FmaPtx.CHAINS + 1] = 0.25;
        values[FmaPtx.CHAINS + 2] = 1;
        return inLanes(kind, values);
    }

    private static byte[] arrived(FmaPtx kind, int bytes) {
        double[] values = new double[bytes / kind.bytes()];
        Arrays.fill(values, FmaPtx.CHAINS * FmaPtx.FIXED_POINT);
        return inLanes(kind, values);
    }

    private static byte[] inLanes(FmaPtx kind, double[] values) {
        Numbers format = Numbers.valueOf(kind.name());
        int lanes = kind.bytes() / format.bytes();
        return format.encode(Arrays.stream(values)
                .flatMap(value -> DoubleStream.generate(() -> value).limit(lanes))
                .toArray());
    }

    /**
     * By the instructions of a warp.
     *
     * @param precision one of {@link #MATRIX}
     */
    public GpuRates matrix(String precision) throws GpuException {
        MatrixPtx kind = MatrixPtx.of(Numbers.valueOf(precision.toUpperCase(Locale.ROOT)), context.device())
                .orElseThrow(() -> unsupported(precision + " on matrix units"));
        int numbers = MatrixPtx.WARP
                * kind.operands()
                * kind.registerBytes()
                / kind.precision().bytes();
        return products(kind.kernel(), kind.precision(), numbers, kind.sums(), kind.flopPerRepeat());
    }

    /** Whether the device has instructions of a warp group for a precision. */
    public static boolean hasGroups(GpuDevice device, String precision) {
        return Arrays.stream(GroupMatrixPtx.values())
                .anyMatch(kind ->
                        kind.name().equalsIgnoreCase(precision) && kind.kernel().runsOn(device));
    }

    /** By the instructions of a warp group. */
    public GpuRates groupMatrix(String precision) throws GpuException {
        GroupMatrixPtx kind = GroupMatrixPtx.valueOf(precision.toUpperCase(Locale.ROOT));
        PtxKernel source = supported(kind.kernel(), precision + " products of warp groups");
        int numbers = kind.operandBytes() / kind.precision().bytes();
        return products(source, kind.precision(), numbers, Numbers.FP32, kind.flopPerRepeat());
    }

    private GpuRates products(PtxKernel source, Numbers precision, int numbers, Numbers sums, double flopPerRepeat)
            throws GpuException {
        byte[] operands = precision.encode(
                new Random(1).ints(numbers, 1 - LIMIT, LIMIT).asDoubleStream().toArray());
        try (Buffer in = context.allocate(operands.length);
                Buffer out = context.allocate(source.threads(context.device()) * sums.bytes());
                Stream stream = context.stream()) {
            in.write(operands);
            Kernel kernel = context.load(source);
            Spread rates = rates(stream, kernel, List.of(out, in), flopPerRepeat);
            double[] once = sums(stream, kernel, List.of(out, in), sums, 1);
            double[] often = sums(stream, kernel, List.of(out, in), sums, CHECKED_REPEATS);
            return new GpuRates(rates, faultOf(once, often));
        }
    }

    private static double[] sums(Stream stream, Kernel kernel, List<Buffer> buffers, Numbers format, int repeats)
            throws GpuException {
        buffers.get(0).fill(0);
        stream.launch(kernel, buffers, repeats);
        return format.decode(
                buffers.get(0).read(0, Math.toIntExact(buffers.get(0).bytes())));
    }

    /** Sums of whole numbers are exact: they grow with the repeats, whichever element of a matrix a register holds. */
    private static Optional<String> faultOf(double[] once, double[] often) {
        boolean moved = Arrays.stream(once).anyMatch(sum -> sum != 0);
        for (int i = 0; i < once.length; i++) {
            moved &= often[i] == once[i] * CHECKED_REPEATS;
        }
        return moved ? Optional.empty() : Optional.of("sums of products do not grow with the number of products");
    }

    private Spread rates(Stream stream, Kernel kernel, List<Buffer> buffers, double flopPerRepeat) throws GpuException {
        double flop = flopPerRepeat * kernel.source().threads(context.device());
        return timer.rates(flop, List.of(lane(stream, kernel, buffers)));
    }

    private static GpuTimer.Lane lane(Stream stream, Kernel kernel, List<Buffer> buffers) {
        return new GpuTimer.Lane(stream, repeats -> stream.launch(kernel, buffers, repeats));
    }

    private PtxKernel supported(PtxKernel kernel, String what) throws GpuException {
        if (!kernel.runsOn(context.device())) {
            throw unsupported(what);
        }
        return kernel;
    }

    private GpuException unsupported(String what) {
        return new GpuException(
                "compute capability " + context.device().computeCapability() + " has no " + what
                        + "; no fix: it takes another device",
                "");
    }
}
