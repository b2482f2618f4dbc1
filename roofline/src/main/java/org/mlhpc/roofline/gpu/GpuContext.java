package org.mlhpc.roofline.gpu;

import java.util.List;

/** One device in use. Not for several threads at once; what it hands out is its own and ends with it. */
public interface GpuContext extends AutoCloseable {
    GpuDevice device();

    /** Bytes of its memory that nobody uses. */
    long freeBytes() throws GpuException;

    /** Memory of the device. */
    Buffer allocate(long bytes) throws GpuException;

    /** Memory of the host that the device copies without help of the processor. */
    Buffer pin(long bytes) throws GpuException;

    /** Compiles PTX for the device. */
    Kernel load(PtxKernel kernel) throws GpuException;

    Stream stream() throws GpuException;

    /** The vendor's library of matrix products. */
    Products products() throws GpuException;

    /** Lets this device reach the memory of {@code peer}. */
    void reach(GpuContext peer) throws GpuException;

    @Override
    void close() throws GpuException;

    /** Memory of a device, or pinned memory of the host. */
    interface Buffer extends AutoCloseable {
        long bytes();

        /** Sets all of it, in words of 32 bits; done on return. */
        void fill(int word) throws GpuException;

        /** Copies {@code content} to its begin; done on return. */
        void write(byte[] content) throws GpuException;

        /** Copies {@code length} bytes from {@code offset}, after all work of the device is done. */
        byte[] read(long offset, int length) throws GpuException;

        @Override
        void close() throws GpuException;
    }

    /** Work that the device does in order. Calls return before it is done. */
    interface Stream extends AutoCloseable {
        /**
         * Starts a kernel on as many blocks as its {@link PtxKernel} wants.
         *
         * @param buffers the first parameters, as addresses
         * @param numbers the others
         */
        void launch(Kernel kernel, List<Buffer> buffers, long... numbers) throws GpuException;

        /** Copies the length of the shorter one, between two devices or between host and device. */
        void copy(Buffer to, Buffer from) throws GpuException;

        /** Marks the end of the work so far. */
        Event record() throws GpuException;

        /** Lets further work wait for {@code event}, of whatever stream. */
        void await(Event event) throws GpuException;

        @Override
        void close() throws GpuException;
    }

    /** A point in a stream's work. */
    interface Event extends AutoCloseable {
        /** Waits until the stream has reached it, then tells the time since {@code earlier} of the same stream, in seconds. */
        double secondsSince(Event earlier) throws GpuException;

        @Override
        void close() throws GpuException;
    }

    /** Products of square matrices by a library. */
    interface Products extends AutoCloseable {
        /** Starts c = a b in {@code stream}, for matrices of {@code n} rows and columns. */
        void multiply(Stream stream, GpuProducts.Kind kind, int n, Buffer a, Buffer b, Buffer c) throws GpuException;

        @Override
        void close() throws GpuException;
    }

    /** A kernel that the device can run. */
    interface Kernel {
        PtxKernel source();
    }
}
