package org.mlhpc.roofline.counters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code perf stat -x,} writes (man perf-stat, "CSV FORMAT"): value, unit, event, time it was counted, share of time it was
 * counted; a value that is not counted is a text in angle brackets.
 *
 * @param amounts by event, in counts, bytes or joules
 * @param failure the first event that was not counted or the first complaint; empty if there is none
 */
record PerfOutput(Map<String, Double> amounts, Optional<String> failure) {
    private static final int FIELDS = 5;
    private static final Map<String, Double> UNITS =
            Map.of("", 1.0, "Bytes", 1.0, "KiB", 0x1p10, "MiB", 0x1p20, "GiB", 0x1p30, "Joules", 1.0);

    static PerfOutput parse(List<String> lines) {
        var amounts = new LinkedHashMap<String, Double>();
        Optional<String> failure = Optional.empty();
        for (String line : lines) {
            String[] fields = line.split(",", -1);
            Double unit = fields.length < FIELDS ? null : UNITS.get(fields[1]);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (unit == null || !fields[0].matches("\\d+(\\.\\d+)?")) {
                failure = failure.or(() -> Optional.of(complaint(line, fields)));
            } else {
                amounts.merge(ofAllUnits(fields[2]), unit * Double.parseDouble(fields[0]), Double::sum);
            }
        }
        return new PerfOutput(amounts, failure);
    }

    /** Some versions of perf name each unit of the processor ({@code uncore_imc_3/…/}) where others add them up. */
    private static String ofAllUnits(String event) {
        return event.replaceFirst("_\\d+/", "/");
    }

    private static String complaint(String line, String[] fields) {
        return fields.length < FIELDS ? line.strip() : fields[2] + " is " + fields[0];
    }
}
