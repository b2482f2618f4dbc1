package org.mlhpc.roofline.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Devices that run kernels by interpreting them, on a clock of their own: time is the work that was done by known rates. */
public final class FakeGpu implements GpuDriver {
    public static final double BYTES_PER_SECOND = 4e8;
    public static final double FLOP_PER_SECOND = 1e9;
    public static final double LINK_BYTES_PER_SECOND = 1e8;
    private static final long FREE = 4 << 20;

    private final List<GpuDevice> devices;
    private final Map<String, String> errors = new HashMap<>();
    private boolean broken;
    private boolean library = true;
    private boolean linked = true;
    private int open;

    public FakeGpu(GpuDevice... devices) {
        this.devices = List.of(devices);
    }

    /** A small device: 1 GHz, one multiprocessor. */
    public static GpuDevice device(int index, int capability) {
        return new GpuDevice(
                index, "Fake", capability, 1, 1e9, 1e9, 32, 256 << 10, 8 << 20, true, "0000:0" + index + ":00.0");
    }

    /** Lets a call fail: {@code cuMemAlloc}, {@code cuLaunchKernel}, {@code cuDevicePrimaryCtxRetain} and the like. */
    public FakeGpu failing(String call, String error) {
        errors.put(call, error);
        return this;
    }

    /** A device that computes and stores nothing. */
    public FakeGpu broken() {
        broken = true;
        return this;
    }

    public FakeGpu withoutLibrary() {
        library = false;
        return this;
    }

    public FakeGpu withoutLinks() {
        linked = false;
        return this;
    }

    /** Contexts, buffers, streams and events that nobody has closed. */
    public int open() {
        return open;
    }

    private void call(String name) throws GpuException {
        if (errors.containsKey(name)) {
            throw GpuException.of(name, errors.get(name));
        }
    }

    @Override
    public String version() {
        return "12.6";
    }

    @Override
    public List<GpuDevice> devices() {
        return devices;
    }

    @Override
    public GpuContext open(GpuDevice device) throws GpuException {
        call("cuDevicePrimaryCtxRetain");
        open++;
        return new Context(device);
    }

    @Override
    public boolean reaches(GpuDevice from, GpuDevice to) {
        return linked;
    }

    private record Code(PtxKernel source) implements GpuContext.Kernel {}

    private final class Context implements GpuContext {
        private final GpuDevice device;
        private final List<Memory> memory = new ArrayList<>();
        private long used;

        Context(GpuDevice device) {
            this.device = device;
        }

        @Override
        public GpuDevice device() {
            return device;
        }

        @Override
        public long freeBytes() {
            return FREE - used;
        }

        @Override
        public Buffer allocate(long bytes) throws GpuException {
            call("cuMemAlloc");
            if (bytes > freeBytes()) {
                throw GpuException.of("cuMemAlloc of " + bytes + " bytes", "CUDA_ERROR_OUT_OF_MEMORY");
            }
            used += bytes;
            return new Memory(this, bytes, false);
        }

        @Override
        public Buffer pin(long bytes) throws GpuException {
            call("cuMemHostAlloc");
            return new Memory(this, bytes, true);
        }

        @Override
        public Kernel load(PtxKernel kernel) throws GpuException {
            call("cuModuleLoadData");
            if (!kernel.runsOn(device)) {
                throw GpuException.of("cuModuleLoadData", "CUDA_ERROR_NO_BINARY_FOR_GPU");
            }
            return new Code(kernel);
        }

        @Override
        public Stream stream() {
            open++;
            return new Queue(this);
        }

        @Override
        public Products products() throws GpuException {
            if (!library) {
                throw new GpuException("no library", "install it");
            }
            open++;
            return new Library();
        }

        @Override
        public void reach(GpuContext peer) throws GpuException {
            call("cuCtxEnablePeerAccess");
        }

        @Override
        public void close() throws GpuException {
            open--;
            call("cuDevicePrimaryCtxRelease");
        }
    }

    /** Address: one plus its index among the buffers of its context, times 2^32. */
    private final class Memory implements GpuContext.Buffer {
        private final Context owner;
        private final boolean onHost;
        private final ByteBuffer content;
        private final long address;

        Memory(Context owner, long bytes, boolean onHost) {
            this.owner = owner;
            this.onHost = onHost;
            content = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
            owner.memory.add(this);
            address = (long) owner.memory.size() << Integer.SIZE;
            open++;
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
            open--;
            owner.used -= onHost ? 0 : bytes();
        }
    }

    private final class Queue implements GpuContext.Stream {
        private final Context context;
        private double clock;

        Queue(Context context) {
            this.context = context;
        }

        @Override
        public void launch(GpuContext.Kernel kernel, List<GpuContext.Buffer> buffers, long... numbers)
                throws GpuException {
            call("cuLaunchKernel");
            PtxKernel source = kernel.source();
            var interpreter = new PtxInterpreter(source.text(), new Addresses(context));
            long[] arguments = new long[buffers.size() + numbers.length];
            for (int i = 0; i < buffers.size(); i++) {
                arguments[i] = ((Memory) buffers.get(i)).address;
            }
            System.arraycopy(numbers, 0, arguments, buffers.size(), numbers.length);
            interpreter.run(source.blocks(context.device), source.threads(), arguments);
            boolean moves = interpreter.bytes() > 0;
            clock += moves ? interpreter.bytes() / BYTES_PER_SECOND : interpreter.flop() / FLOP_PER_SECOND;
        }

        @Override
        public void copy(GpuContext.Buffer to, GpuContext.Buffer from) throws GpuException {
            call("cuMemcpy");
            clock += Math.min(to.bytes(), from.bytes()) / LINK_BYTES_PER_SECOND;
        }

        @Override
        public GpuContext.Event record() {
            open++;
            return new Mark(clock);
        }

        @Override
        public void await(GpuContext.Event event) {
            clock = Math.max(clock, ((Mark) event).time);
        }

        @Override
        public void close() {
            open--;
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
            open--;
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
            ((Queue) stream).clock += 2.0 * n * n * n / FLOP_PER_SECOND;
            if (!broken) {
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
            open--;
        }
    }

    /** The memory of a context as kernels see it. */
    private final class Addresses implements PtxInterpreter.Memory {
        private final Context context;

        Addresses(Context context) {
            this.context = context;
        }

        private ByteBuffer content(long address, int bytes) throws GpuException {
            int index = (int) (address >>> Integer.SIZE) - 1;
            if (index < 0 || index >= context.memory.size()) {
                throw GpuException.of("cuLaunchKernel", "CUDA_ERROR_ILLEGAL_ADDRESS");
            }
            ByteBuffer content = context.memory.get(index).content;
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
            if (broken) {
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
