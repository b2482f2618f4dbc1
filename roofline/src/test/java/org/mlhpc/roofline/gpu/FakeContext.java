package org.mlhpc.roofline.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A device of {@link FakeGpu} in use. */
final class FakeContext implements GpuContext {
    private record Code(PtxKernel source) implements GpuContext.Kernel {}

    private final FakeGpu gpu;
    private final GpuDevice device;
    private final long all;
    private final List<Memory> memory = new ArrayList<>();
    private long used;

    FakeContext(FakeGpu gpu, GpuDevice device, long all) {
        this.gpu = gpu;
        this.device = device;
        this.all = all;
        gpu.opened();
    }

    @Override
    public GpuDevice device() {
        return device;
    }

    @Override
    public long freeBytes() {
        return all - used;
    }

    @Override
    public Buffer allocate(long bytes) throws GpuException {
        gpu.call("cuMemAlloc");
        if (bytes > freeBytes()) {
            throw GpuException.of("cuMemAlloc of " + bytes + " bytes", "CUDA_ERROR_OUT_OF_MEMORY");
        }
        used += bytes;
        return new Memory(bytes, false);
    }

    @Override
    public Buffer pin(long bytes) throws GpuException {
        gpu.call("cuMemHostAlloc");
        return new Memory(bytes, true);
    }

    @Override
    public Kernel load(PtxKernel kernel) throws GpuException {
        gpu.call("cuModuleLoadData");
        if (!kernel.runsOn(device)) {
            throw GpuException.of("cuModuleLoadData", "CUDA_ERROR_NO_BINARY_FOR_GPU");
        }
        return new Code(kernel);
    }

    @Override
    public Stream stream() {
        gpu.opened();
        return new Queue();
    }

    @Override
    public Products products() throws GpuException {
        if (!gpu.hasLibrary()) {
            throw new GpuException("no library", "install it");
        }
        gpu.opened();
        return new Library();
    }

    @Override
    public void reach(GpuContext peer) throws GpuException {
        gpu.call("cuCtxEnablePeerAccess");
    }

    @Override
    public void close() throws GpuException {
        gpu.closed();
        gpu.call("cuDevicePrimaryCtxRelease");
    }

    /** Address: one plus its index among the buffers of its context, times 2^32. */
    final class Memory implements GpuContext.Buffer {
        private final boolean onHost;
        private final ByteBuffer content;
        private final long address;

        Memory(long bytes, boolean onHost) {
            this.onHost = onHost;
            content = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
            memory.add(this);
            address = (long) memory.size() << Integer.SIZE;
            gpu.opened();
        }

        @Override
        public long bytes() {
            return content.capacity();
        }

        @Override
        public void fill(int word) {
            for (int i = 0; i + Integer.BYTES <= content.capacity(); i += Integer.BYTES) {
                content.putInt(i, word);
            }
        }

        @Override
        public void write(byte[] bytes) {
            content.put(0, bytes);
        }

        @Override
        public byte[] read(long offset, int length) {
            return Arrays.copyOfRange(content.array(), (int) offset, (int) offset + length);
        }

        @Override
        public void close() {
            gpu.closed();
            used -= onHost ? 0 : bytes();
        }
    }

    private final class Queue implements GpuContext.Stream {
        private double clock;

        @Override
        public void launch(GpuContext.Kernel kernel, List<GpuContext.Buffer> buffers, long... numbers)
                throws GpuException {
            gpu.call("cuLaunchKernel");
            PtxKernel source = kernel.source();
            var interpreter = new PtxInterpreter(source.text(), new Addresses());
            long[] arguments = new long[buffers.size() + numbers.length];
            for (int i = 0; i < buffers.size(); i++) {
                arguments[i] = ((Memory) buffers.get(i)).address;
            }
            System.arraycopy(numbers, 0, arguments, buffers.size(), numbers.length);
            interpreter.run(source.blocks(device), source.threads(), arguments);
            boolean moves = interpreter.bytes() > 0;
            clock += moves
                    ? interpreter.bytes() / FakeGpu.BYTES_PER_SECOND
                    : interpreter.flop() / FakeGpu.FLOP_PER_SECOND;
        }

        @Override
        public void copy(GpuContext.Buffer to, GpuContext.Buffer from) throws GpuException {
            gpu.call("cuMemcpy");
            clock += Math.min(to.bytes(), from.bytes()) / FakeGpu.LINK_BYTES_PER_SECOND;
        }

        @Override
        public GpuContext.Event record() {
            gpu.opened();
            return new Mark(clock);
        }

        @Override
        public void await(GpuContext.Event event) {
            clock = Math.max(clock, ((Mark) event).time);
        }

        @Override
        public void close() {
            gpu.closed();
        }
    }

    private final class Mark implements GpuContext.Event {
        private final double time;

        Mark(double time) {
            this.time = time;
        }

        @Override
        public double secondsSince(GpuContext.Event earlier) {
            return time - ((Mark) earlier).time;
        }

        @Override
        public void close() {
            gpu.closed();
        }
    }

    private final class Library implements GpuContext.Products {
        @Override
        public void multiply(
                GpuContext.Stream stream,
                GpuProducts.Kind kind,
                int n,
                GpuContext.Buffer a,
                GpuContext.Buffer b,
                GpuContext.Buffer c) {
            ((Queue) stream).clock += 2.0 * n * n * n / FakeGpu.FLOP_PER_SECOND;
            if (!gpu.isBroken()) {
                double one = kind == GpuProducts.Kind.FP64 ? number((Memory) a) * number((Memory) b) : 1;
                double[] column = new double[n];
                Arrays.fill(column, n * one);
                ((Memory) c).write(Numbers.valueOf(kind.name()).encode(column));
            }
        }

        private double number(Memory buffer) {
            return buffer.content.getDouble(0);
        }

        @Override
        public void close() {
            gpu.closed();
        }
    }

    /** The memory of a context as kernels see it. */
    private final class Addresses implements PtxInterpreter.Memory {
        private ByteBuffer content(long address, int bytes) throws GpuException {
            int index = (int) (address >>> Integer.SIZE) - 1;
            if (index < 0 || index >= memory.size()) {
                throw GpuException.of("cuLaunchKernel", "CUDA_ERROR_ILLEGAL_ADDRESS");
            }
            ByteBuffer content = memory.get(index).content;
            if ((int) address < 0 || (int) address + bytes > content.capacity() || address % bytes != 0) {
                throw GpuException.of("cuLaunchKernel", "CUDA_ERROR_ILLEGAL_ADDRESS");
            }
            return content;
        }

        @Override
        public long load(long address, int bytes) throws GpuException {
            ByteBuffer content = content(address, bytes);
            int offset = (int) address;
            return bytes == Long.BYTES ? content.getLong(offset) : Integer.toUnsignedLong(content.getInt(offset));
        }

        @Override
        public void store(long address, int bytes, long value) throws GpuException {
            ByteBuffer content = content(address, bytes);
            if (gpu.isBroken()) {
                return;
            }
            if (bytes == Long.BYTES) {
                content.putLong((int) address, value);
            } else {
                content.putInt((int) address, (int) value);
            }
        }
    }
}
