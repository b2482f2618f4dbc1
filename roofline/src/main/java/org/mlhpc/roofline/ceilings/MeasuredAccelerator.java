package org.mlhpc.roofline.ceilings;

import java.util.List;
import java.util.stream.Stream;

/**
 * The ceilings of one accelerator.
 *
 * @param index by which its driver counts accelerators
 * @param model name as its driver has it
 * @param computeCapability version of what it can do, such as {@code 8.0}
 * @param memoryBytes of its own
 * @param ecc whether its memory corrects errors
 * @param driver version of CUDA that the driver knows
 */
public record MeasuredAccelerator(
        int index,
        String model,
        String computeCapability,
        long memoryBytes,
        boolean ecc,
        String driver,
        List<AcceleratorCeiling> ceilings) {
    public MeasuredAccelerator {
        ceilings = List.copyOf(ceilings);
    }

    /** Such as {@code accelerator 0}. */
    public String name() {
        return nameOf(index);
    }

    /** As {@link #name()}. */
    public static String nameOf(int index) {
        return MeasuredMachine.ACCELERATOR + " " + index;
    }

    /** As {@link MeasuredMachine#faults()}. */
    Stream<String> faults() {
        return ceilings.stream()
                .flatMap(
                        ceiling -> ceiling.fault().map(fault -> name() + " " + ceiling.name() + ": " + fault).stream());
    }

    /** This one and what else was found. */
    public MeasuredAccelerator with(AcceleratorCeiling ceiling) {
        return new MeasuredAccelerator(
                index,
                model,
                computeCapability,
                memoryBytes,
                ecc,
                driver,
                Stream.concat(ceilings.stream(), Stream.of(ceiling)).toList());
    }
}
