package org.mlhpc.roofline.ceilings;

import java.util.Optional;
import org.mlhpc.roofline.Spread;

/**
 * The highest rate that one part of an accelerator was seen to reach, with its spread over repetitions.
 *
 * @param level where: {@code memory}, {@code L2}; {@code PCIe} and {@code peer 1} for links to the host and to accelerator 1;
 *     {@code plain loop}, {@code matrix units} or {@code cuBLAS} for arithmetic
 * @param operation what: {@code read}, {@code copy}, {@code triad}; {@code to device}, {@code from device}, {@code to peer},
 *     {@code from peer}, {@code both ways}; {@code fma}, {@code warp}, {@code warp group}, {@code matmul}
 * @param precision of arithmetic, such as {@code fp32}; empty otherwise
 * @param unit of {@code rate}: {@code FLOP/s} or {@code B/s}
 * @param theoretical peak in the same unit; empty if it is not known
 * @param fault why the measurement cannot be right; empty if nothing speaks against it
 */
public record AcceleratorCeiling(
        String level,
        String operation,
        String precision,
        String unit,
        Spread rate,
        Optional<Double> theoretical,
        Optional<String> fault) {
    public AcceleratorCeiling {
        if (!MeasuredCeiling.isPositive(rate)
                || theoretical.filter(peak -> !MeasuredCeiling.isPositive(peak)).isPresent()) {
            throw new IllegalArgumentException("no ceiling: " + level + " " + operation + ", " + rate + " " + unit
                    + theoretical.map(peak -> ", peak " + peak).orElse(""));
        }
    }

    /**
     * A ceiling with the fault that follows from its rate and peak.
     *
     * @param wrong what the measurement itself found wrong; empty if nothing
     */
    public static AcceleratorCeiling of(
            String level,
            String operation,
            String precision,
            String unit,
            Spread rate,
            Optional<Double> theoretical,
            Optional<String> wrong) {
        return new AcceleratorCeiling(
                level,
                operation,
                precision,
                unit,
                rate,
                theoretical,
                wrong.or(() -> MeasuredCeiling.faultOf(rate, theoretical)));
    }

    /** Unique within an accelerator. */
    public String name() {
        return (level + " " + operation + " " + precision).strip();
    }

    /** Median by theoretical peak in percent; empty if the peak is not known. */
    public Optional<Double> percentOfPeak() {
        return MeasuredCeiling.percent(rate, theoretical);
    }
}
