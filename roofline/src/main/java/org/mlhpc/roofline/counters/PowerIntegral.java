package org.mlhpc.roofline.counters;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Energy of devices from samples of their power, by the trapezium rule. Safe for several threads. */
final class PowerIntegral {
    /** Longest time between samples of a device over which its power is guessed. */
    static final double MOST_SECONDS = 10;

    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final Map<String, Sample> last = new HashMap<>();
    private double joules;
    private Optional<String> lost = Optional.empty();

    /** Power of a device at a moment. */
    private record Sample(double watts, long nanos) {}

    /** Whether a line is of a device, which begins with its index; warnings of the driver stand among them. */
    static boolean isOfDevice(String line) {
        return line.matches("\\d+, .*");
    }

    /** Power of a device in W, the last field of a line that begins with its index; NaN if it does not tell. */
    static double watts(String line) {
        String power = line.substring(line.lastIndexOf(',') + 1).strip();
        return power.matches("\\d+(\\.\\d+)?") ? Double.parseDouble(power) : Double.NaN;
    }

    /** Whether there are devices, of a line each, and all tell their power. */
    static boolean allTell(List<String> devices) {
        return !devices.isEmpty() && devices.stream().noneMatch(line -> Double.isNaN(watts(line)));
    }

    /** @param line of {@code nvidia-smi} on one device */
    synchronized void add(String line, long nanos) {
        String device = line.replaceFirst(",.*", "");
        double watts = watts(line);
        if (Double.isNaN(watts)) {
            lose("no power of a device in '" + line.strip() + "'");
        } else {
            addUntil(device, new Sample(watts, nanos));
        }
    }

    private void addUntil(String device, Sample now) {
        Sample before = last.put(device, now);
        if (before == null) {
            return;
        }
        double seconds = (now.nanos - before.nanos) * SECONDS_PER_NANOSECOND;
        if (seconds > MOST_SECONDS) {
            lose(String.format(
                    Locale.ROOT,
                    "device %s did not tell its power for %.0f s, more than %.0f",
                    device,
                    seconds,
                    MOST_SECONDS));
        }
        joules += (before.watts + now.watts) / 2 * seconds;
    }

    private void lose(String reason) {
        lost = lost.or(() -> Optional.of(reason));
    }

    /** Energy in J since the first sample of each device; the last power of each holds until {@code nanos}. */
    synchronized Tally until(long nanos) {
        if (last.isEmpty()) {
            lose("no device has told its power");
        }
        Map.copyOf(last).forEach((device, sample) -> addUntil(device, new Sample(sample.watts, nanos)));
        return lost.map(Tally::unknown).orElseGet(() -> Tally.of(joules));
    }
}
