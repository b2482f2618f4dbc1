package org.mlhpc.roofline;

/** One limit of the machine. */
public sealed interface Ceiling {
    String label();

    /** Highest rate, in FLOP/s, at which this ceiling lets {@code work} proceed; infinite if it does not bind. */
    double limit(Work work);

    /** A limit on arithmetic. */
    record Compute(String label, double flopPerSecond) implements Ceiling {
        @Override
        public double limit(Work work) {
            return flopPerSecond;
        }
    }

    /** A limit on the traffic of one channel; never binds work whose traffic on it was not measured. */
    record Bandwidth(String label, Channel channel, double bytesPerSecond) implements Ceiling {
        @Override
        public double limit(Work work) {
            return work.measured(channel) ? work.intensity(channel) * bytesPerSecond : Double.POSITIVE_INFINITY;
        }
    }
}
