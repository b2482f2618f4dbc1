package org.mlhpc.roofline.ceilings;

import java.util.Locale;
import java.util.Optional;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;

/**
 * The highest rate that one resource was seen to reach, with its spread over repetitions.
 *
 * @param name unique within a machine, such as {@code memory L2 triad, 2 threads}
 * @param level where: {@code L1}, {@code L2}, {@code L3}, {@code DRAM}; {@code cached} or {@code direct} for storage;
 *     {@code plain loop} or {@code engine} for arithmetic; {@code ranks} for the network
 * @param operation what: {@code read}, {@code copy}, {@code triad}; {@code fma}, {@code matmul}; {@code sequential
 *     write}, {@code create}, {@code ping-pong}
 * @param precision of arithmetic, such as {@code fp32}; empty otherwise
 * @param threads that worked at once, or ranks for {@link Resource#NETWORK}
 * @param unit of {@code rate}: {@code FLOP/s}, {@code B/s}, or {@code 1/s} for operations
 * @param rate all threads together
 * @param theoretical peak in the same unit; empty if it is not known
 * @param fault why the measurement cannot be right; empty if nothing speaks against it
 */
public record MeasuredCeiling(
        Resource resource,
        String name,
        String level,
        String operation,
        String precision,
        int threads,
        String unit,
        Spread rate,
        Optional<Double> theoretical,
        Optional<String> fault) {
    private static final double PERCENT = 100;
    /** Rates are compared as printed: 100.4 % is a rounded peak frequency, 101 % is a fault. */
    private static final double MOST_PERCENT = 100.5;

    public MeasuredCeiling {
        if (!isPositive(rate)
                || threads < 1
                || theoretical.filter(peak -> !isPositive(peak)).isPresent()) {
            throw new IllegalArgumentException("no ceiling: " + name + ", " + threads + " workers, " + rate + " " + unit
                    + theoretical.map(peak -> ", peak " + peak).orElse(""));
        }
    }

    static boolean isPositive(double value) {
        return value > 0 && !Double.isInfinite(value);
    }

    /** Whether quartiles lie around a median of finite positive numbers. */
    static boolean isPositive(Spread spread) {
        return isPositive(spread.lowerQuartile())
                && spread.lowerQuartile() <= spread.median()
                && spread.median() <= spread.upperQuartile()
                && isPositive(spread.upperQuartile())
                && spread.count() > 0;
    }

    /** A ceiling whose fault follows from its rate and peak. */
    public static MeasuredCeiling of(
            Resource resource,
            String level,
            String operation,
            String precision,
            int threads,
            String unit,
            Spread rate,
            Optional<Double> theoretical) {
        String name = String.format(Locale.ROOT, "%s %s %s %s", resource.word(), level, operation, precision)
                .strip();
        String workers = (resource == Resource.NETWORK ? "rank" : "thread") + (threads == 1 ? "" : "s");
        return new MeasuredCeiling(
                resource,
                name + ", " + threads + " " + workers,
                level,
                operation,
                precision,
                threads,
                unit,
                rate,
                theoretical,
                faultOf(rate, theoretical));
    }

    /** Median by theoretical peak in percent; empty if the peak is not known. */
    public Optional<Double> percentOfPeak() {
        return percent(rate, theoretical);
    }

    static Optional<Double> percent(Spread rate, Optional<Double> theoretical) {
        return theoretical.map(peak -> rate.median() / peak * PERCENT);
    }

    static Optional<String> faultOf(Spread rate, Optional<Double> theoretical) {
        return percent(rate, theoretical)
                .filter(percent -> percent > MOST_PERCENT)
                .map(percent -> String.format(
                        Locale.ROOT,
                        "%.1f %% of the theoretical peak: the peak is assumed too low, or the measurement is wrong",
                        percent));
    }
}
