package org.mlhpc.roofline.gpu;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.gpu.GpuContext.Buffer;
import org.mlhpc.roofline.gpu.GpuContext.Kernel;
import org.mlhpc.roofline.gpu.GpuContext.Stream;

/** Reads, copies and triads in a device's memory and in its L2 cache. */
public final class GpuTraffic {
    public static final List<String> OPERATIONS = List.of("read", "copy", "triad");

    /** All arrays together: far more than the cache holds. */
    private static final int TIMES_L2 = 12;

    private static final int LEAST_TIMES_L2 = 4;
    private static final long USUAL_BYTES = 3L << 29;
    private static final int SHARE_OF_FREE = 2;
    /** Of the cache: its halves may keep copies of what the other one has. */
    private static final int SHARE_OF_L2 = 4;

    private static final long ALIGNMENT = 256;
    /** As a double 1.2460..., the same in both words. */
    private static final int WORD = 0x3ff3eff3;

    private static final long DOUBLE_WORD = ((long) WORD << Integer.SIZE) | WORD;

    private static final int CHECKED_BYTES = 4096;

    private final GpuContext context;
    private final GpuTimer timer;

    public GpuTraffic(GpuContext context, GpuTimer timer) {
        this.context = context;
        this.timer = timer;
    }

    /** @param operation one of {@link #OPERATIONS} */
    public GpuRates memory(String operation) throws GpuException {
        long free = context.freeBytes();
        long l2 = context.device().l2Bytes();
        long bytes = Math.min(Math.max(USUAL_BYTES, TIMES_L2 * l2), free / SHARE_OF_FREE);
        if (bytes < LEAST_TIMES_L2 * l2 || bytes < ALIGNMENT * MemoryPtx.TRIAD.arrays()) {
            throw new GpuException(
                    "only " + (free >> 20) + " MiB of the device are free",
                    "end other processes that use it (nvidia-smi lists them)");
        }
        return rates(operation, bytes);
    }

    /** @throws GpuException also if the device has no L2 cache */
    public GpuRates l2(String operation) throws GpuException {
        long bytes = context.device().l2Bytes() / SHARE_OF_L2;
        if (bytes < ALIGNMENT * MemoryPtx.TRIAD.arrays()) {
            throw new GpuException(
                    "the driver tells no size of the L2 cache",
                    "of virtual devices (vGPU): run on the machine itself; else install a newer driver");
        }
        return rates(operation, bytes);
    }

    private GpuRates rates(String operation, long allBytes) throws GpuException {
        MemoryPtx kind = MemoryPtx.valueOf(operation.toUpperCase(Locale.ROOT));
        long bytes = allBytes / kind.arrays() / ALIGNMENT * ALIGNMENT;
        PtxKernel source = kind.kernel();
        long outBytes = kind == MemoryPtx.READ ? source.threads(context.device()) * Long.BYTES : bytes;
        try (Buffer out = context.allocate(outBytes);
                Buffer a = context.allocate(bytes);
                Buffer b = context.allocate(kind == MemoryPtx.TRIAD ? bytes : ALIGNMENT);
                Stream stream = context.stream()) {
            a.fill(WORD);
            b.fill(WORD);
            out.fill(0);
            Kernel kernel = context.load(source);
            List<Buffer> buffers = List.of(out, a, b);
            Spread rates = timer.rates(
                    (double) kind.arrays() * bytes,
                    List.of(new GpuTimer.Lane(stream, passes -> stream.launch(kernel, buffers, bytes, passes))));
            stream.launch(kernel, buffers, bytes, 1);
            return new GpuRates(rates, kind == MemoryPtx.READ ? faultOfSum(out, bytes) : faultOf(kind, out));
        }
    }

    /** Whether the threads together have added up all words. */
    private static Optional<String> faultOfSum(Buffer out, long bytes) throws GpuException {
        long sum = 0;
        byte[] parts = out.read(0, Math.toIntExact(out.bytes()));
        var words = java.nio.ByteBuffer.wrap(parts)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        while (words.hasRemaining()) {
            sum += words.get();
        }
        return sum == bytes / Long.BYTES * DOUBLE_WORD
                ? Optional.empty()
                : Optional.of("the device did not read each word once: wrong sum");
    }

    /** Whether begin and end of the result are what they should be. */
    private static Optional<String> faultOf(MemoryPtx kind, Buffer out) throws GpuException {
        double value = Double.longBitsToDouble(DOUBLE_WORD);
        double wanted = kind == MemoryPtx.COPY ? value : Math.fma(value, MemoryPtx.FACTOR, value);
        int length = (int) Math.min(CHECKED_BYTES, out.bytes());
        for (long offset : new long[] {0, out.bytes() - length}) {
            double[] found = Numbers.FP64.decode(out.read(offset, length));
            if (Arrays.stream(found).anyMatch(number -> number != wanted)) {
                return Optional.of("the device left wrong numbers in its memory");
            }
        }
        return Optional.empty();
    }
}
