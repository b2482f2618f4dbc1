package org.mlhpc.roofline.gpu;

import java.util.ArrayList;
import java.util.List;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.gpu.GpuContext.Event;
import org.mlhpc.roofline.gpu.GpuContext.Stream;

/**
 * Times work by events of the device, so that neither the start of a kernel nor the waiting of the host is in the time.
 *
 * @param iterations timed, after warming up
 * @param seconds length of each
 */
public record GpuTimer(int iterations, double seconds) {
    /** Shorter ones say too little about how many repeats fill an iteration. */
    private static final double SHARE_OF_TRIAL = 0.1;

    private static final int FASTEST_GROWTH = 16;
    private static final long MOST_REPEATS = 1L << 40;

    /** Puts so many repeats of something into a stream. */
    @FunctionalInterface
    interface Work {
        void enqueue(long repeats) throws GpuException;
    }

    /** Work for one stream. */
    record Lane(Stream stream, Work work) {}

    /**
     * The rate in each iteration.
     *
     * @param workPerRepeat of all lanes together, in FLOP or bytes
     * @param lanes that work at the same time; the time ends with the last of them
     */
    Spread rates(double workPerRepeat, List<Lane> lanes) throws GpuException {
        long repeats = repeats(lanes);
        time(lanes, repeats);
        double[] rates = new double[iterations];
        for (int i = 0; i < iterations; i++) {
            rates[i] = workPerRepeat * repeats / time(lanes, repeats);
        }
        return Spread.of(rates);
    }

    /** As many as fill an iteration, by trials that grow until they are long enough. */
    long repeats(List<Lane> lanes) throws GpuException {
        long repeats = 1;
        while (true) {
            double time = time(lanes, repeats);
            if (!(time > 0) && repeats >= MOST_REPEATS) {
                throw new GpuException(
                        "the device's events tell no time",
                        "end profilers and debuggers of the device, or install another driver");
            }
            if (time >= seconds * SHARE_OF_TRIAL || repeats >= MOST_REPEATS) {
                return Math.max(1, Math.round(repeats * seconds / time));
            }
            double growth = Math.min(FASTEST_GROWTH, Math.max(2, seconds / time));
            repeats = (long) (repeats * growth);
        }
    }

    /** From the begin of all lanes until the end of the last: the others wait for the first, and the first for the others. */
    static double time(List<Lane> lanes, long repeats) throws GpuException {
        Stream first = lanes.get(0).stream();
        var marks = new ArrayList<Event>();
        try {
            Event begin = first.record();
            marks.add(begin);
            for (Lane lane : lanes.subList(1, lanes.size())) {
                lane.stream().await(begin);
            }
            for (Lane lane : lanes) {
                lane.work().enqueue(repeats);
            }
            for (Lane lane : lanes.subList(1, lanes.size())) {
                Event end = lane.stream().record();
                marks.add(end);
                first.await(end);
            }
            Event end = first.record();
            marks.add(end);
            return end.secondsSince(begin);
        } finally {
            for (Event mark : marks) {
                mark.close();
            }
        }
    }
}
