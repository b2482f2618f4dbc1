package org.mlhpc.roofline.gpu;

import java.util.List;
import org.mlhpc.roofline.gpu.GpuContext.Buffer;
import org.mlhpc.roofline.gpu.GpuContext.Stream;

/** Copies between host and device, and between devices. */
public final class GpuLinks {
    /** Long against what a copy costs to begin. */
    private static final long BYTES = 64L << 20;

    private static final int SHARE_OF_FREE = 4;

    /** Which way. */
    public enum Direction {
        /** From the first to the second: host to device. */
        FORTH,
        /** From the second to the first: device to host. */
        BACK,
        /** Both at the same time; rates are of both together. */
        BOTH
    }

    private final GpuTimer timer;

    public GpuLinks(GpuTimer timer) {
        this.timer = timer;
    }

    /** Between pinned memory of the host, the first, and a device. */
    public GpuRates host(GpuContext device, Direction direction) throws GpuException {
        long bytes = bytes(device);
        try (Buffer host = device.pin(bytes);
                Buffer hostToo = device.pin(bytes);
                Buffer far = device.allocate(bytes);
                Buffer farToo = device.allocate(bytes);
                Stream forth = device.stream();
                Stream back = device.stream()) {
            return rates(direction, forth, new Pair(host, far), back, new Pair(farToo, hostToo));
        }
    }

    /** Between two devices that reach each other's memory; each sends what goes from it. */
    public GpuRates peers(GpuContext first, GpuContext second, Direction direction) throws GpuException {
        first.reach(second);
        second.reach(first);
        long bytes = Math.min(bytes(first), bytes(second));
        try (Buffer near = first.allocate(bytes);
                Buffer nearToo = first.allocate(bytes);
                Buffer far = second.allocate(bytes);
                Buffer farToo = second.allocate(bytes);
                Stream forth = first.stream();
                Stream back = second.stream()) {
            return rates(direction, forth, new Pair(near, far), back, new Pair(farToo, nearToo));
        }
    }

    /** Of one size. */
    private record Pair(Buffer from, Buffer to) {}

    private GpuRates rates(Direction direction, Stream forth, Pair there, Stream back, Pair here) throws GpuException {
        double bytes = there.to().bytes();
        List<GpuTimer.Lane> lanes = List.of(lane(forth, there), lane(back, here));
        return GpuRates.right(
                switch (direction) {
                    case FORTH -> timer.rates(bytes, lanes.subList(0, 1));
                    case BACK -> timer.rates(bytes, lanes.subList(1, 2));
                    case BOTH -> timer.rates(2 * bytes, lanes);
                });
    }

    private static GpuTimer.Lane lane(Stream stream, Pair pair) {
        return new GpuTimer.Lane(stream, repeats -> {
            for (long i = 0; i < repeats; i++) {
                stream.copy(pair.to(), pair.from());
            }
        });
    }

    private static long bytes(GpuContext device) throws GpuException {
        long free = device.freeBytes();
        long bytes = Math.min(BYTES, free / SHARE_OF_FREE);
        if (bytes == 0) {
            throw new GpuException("no memory of the device is free", "end other processes that use it");
        }
        return bytes;
    }
}
