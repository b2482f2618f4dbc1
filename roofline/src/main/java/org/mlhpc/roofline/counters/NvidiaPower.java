package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Energy of NVIDIA devices: their power by NVML, as {@code nvidia-smi} tells it, integrated by the trapezium rule between the
 * moments when somebody looks. An estimate, the better the more often {@link Counting#keepUp} is called.
 */
final class NvidiaPower implements CounterSource {
    private static final List<String> COMMAND =
            List.of("nvidia-smi", "--query-gpu=index,name,power.draw", "--format=csv,noheader,nounits");
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    @Override
    public String name() {
        return "NVML (nvidia-smi)";
    }

    @Override
    public Quantity quantity() {
        return Quantity.ENERGY;
    }

    @Override
    public Scope scope() {
        return Scope.DEVICE;
    }

    @Override
    public Availability availability() {
        try {
            Tool.Output output = Tool.run(COMMAND);
            if (output.exitCode() != 0) {
                return Availability.missing(
                        "nvidia-smi says: " + output.text().strip(), "load the driver of the device");
            }
            double watts = watts(output.lines());
            return Double.isNaN(watts)
                    ? Availability.missing("these devices do not tell their power", "")
                    : Availability.covers(output.lines().size() + " devices, estimated from samples of their power");
        } catch (IOException e) {
            return Availability.missing("no nvidia-smi: no NVIDIA device, or no driver", "");
        }
    }

    /** Power of all devices together; NaN if one does not tell. */
    static double watts(List<String> lines) {
        double sum = 0;
        for (String line : lines) {
            String power = line.substring(line.lastIndexOf(',') + 1).strip();
            sum += power.matches("\\d+(\\.\\d+)?") ? Double.parseDouble(power) : Double.NaN;
        }
        return lines.isEmpty() ? Double.NaN : sum;
    }

    @Override
    public Counting open() throws IOException {
        double first = watts(Tool.run(COMMAND).lines());
        if (Double.isNaN(first)) {
            throw new IOException(name() + ": the power of a device cannot be read");
        }
        return new Integral(first);
    }

    private static final class Integral implements Counting {
        private double watts;
        private long since = System.nanoTime();
        private double joules;

        Integral(double watts) {
            this.watts = watts;
        }

        @Override
        public void keepUp() {
            double now = Double.NaN;
            try {
                now = watts(Tool.run(COMMAND).lines());
            } catch (IOException e) {
                // Stays NaN, and with it the result.
            }
            long time = System.nanoTime();
            joules += (watts + now) / 2 * (time - since) * SECONDS_PER_NANOSECOND;
            watts = now;
            since = time;
        }

        @Override
        public OptionalDouble stop() {
            keepUp();
            return Double.isNaN(joules) ? OptionalDouble.empty() : OptionalDouble.of(joules);
        }

        @Override
        public void close() {}
    }
}
