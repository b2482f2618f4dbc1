package org.mlhpc.roofline.gpu;

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

    boolean isBroken() {
        return broken;
    }

    boolean hasLibrary() {
        return library;
    }

    void opened() {
        open++;
    }

    void closed() {
        open--;
    }

    /** @throws GpuException if this call is to fail */
    void call(String name) throws GpuException {
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
        return new FakeContext(this, device, FREE);
    }

    @Override
    public boolean reaches(GpuDevice from, GpuDevice to) {
        return linked;
    }
}
