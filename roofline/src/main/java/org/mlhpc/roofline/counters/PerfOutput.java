package org.mlhpc.roofline.counters;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code perf stat -x,} writes (man perf-stat, "CSV FORMAT"): value, unit, event, time it was counted, share of time it was
 * counted; a value that is not counted is a text in angle brackets.
 *
 * @param amounts by event, in counts, bytes or joules
 * @param waiting events that this processor has, but that never had their turn at its counters, as in programs of a moment
 * @param failure the first event that it does not have or the first complaint; empty if there is none
 */
record PerfOutput(Map<String, Double> amounts, Set<String> waiting, Optional<String> failure) {
    private static final int FIELDS = 5;
    private static final String WAITING = "<not counted>";
    private static final Map<String, Double> UNITS =
            Map.of("", 1.0, "Bytes", 1.0, "KiB", 0x1p10, "MiB", 0x1p20, "GiB", 0x1p30, "Joules", 1.0);

    /** A perf that ends with another exit code than 0 has failed, whatever it says. */
    static PerfOutput of(Tool.Output output) {
        PerfOutput parsed = parse(output.lines());
        return output.exitCode() == 0
                ? parsed
                : new PerfOutput(
                        parsed.amounts,
                        parsed.waiting,
                        parsed.failure.or(() -> Optional.of("perf ended with exit code " + output.exitCode())));
    }

    static PerfOutput parse(List<String> lines) {
        var amounts = new LinkedHashMap<String, Double>();
        var waiting = new LinkedHashSet<String>();
        Optional<String> failure = Optional.empty();
        for (String line : lines) {
            String[] fields = line.split(",", -1);
            Double unit = fields.length < FIELDS ? null : UNITS.get(fields[1]);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (unit != null && fields[0].equals(WAITING)) {
                waiting.add(ofAllUnits(fields[2]));
            } else if (unit == null || !fields[0].matches("\\d+(\\.\\d+)?")) {
                failure = failure.or(() -> Optional.of(complaint(line, fields)));
            } else {
                amounts.merge(ofAllUnits(fields[2]), unit * Double.parseDouble(fields[0]), Double::sum);
            }
        }
        return new PerfOutput(amounts, waiting, failure);
    }

    /** Some versions of perf name each unit of the processor ({@code uncore_imc_3/…/}) where others add them up. */
    private static String ofAllUnits(String event) {
        return event.replaceFirst("_\\d+/", "/");
    }

    private static String complaint(String line, String[] fields) {
        return fields.length < FIELDS ? line.strip() : fields[2] + " is " + (fields[0] + " " + fields[1]).strip();
    }

    /**
     * Why {@code events} cannot be counted; empty if they can. Where a processor has cores of two kinds, perf gives events other
     * names, with the kind that has them: the other kind would not be counted.
     */
    Optional<String> obstacle(Set<String> events) {
        var known = new LinkedHashSet<>(amounts.keySet());
        known.addAll(waiting);
        return failure.or(() -> known.containsAll(events)
                ? Optional.empty()
                : Optional.of("perf counts only " + String.join(", ", known)));
    }

    /**
     * The amount that this stands for; unknown if an event was not counted.
     *
     * @param worth of each event
     */
    Tally tally(Map<String, Double> worth) {
        Optional<String> obstacle = obstacle(worth.keySet());
        if (obstacle.isPresent()) {
            return Tally.unknown(obstacle.get());
        }
        if (!waiting.isEmpty()) {
            return Tally.unknown(String.join(", ", waiting) + " had no turn at the counters of the processor");
        }
        return Tally.of(worth.entrySet().stream()
                .mapToDouble(event -> event.getValue() * amounts.getOrDefault(event.getKey(), 0.0))
                .sum());
    }
}
