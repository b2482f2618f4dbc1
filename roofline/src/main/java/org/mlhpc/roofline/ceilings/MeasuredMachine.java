package org.mlhpc.roofline.ceilings;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The ceilings of one machine, as {@code ./mlhpc roofline measure} finds them.
 *
 * @param format version of the file, {@link #FORMAT}
 * @param measured when it began
 * @param cpu model name as the kernel has it
 * @param cores that may be used
 * @param memoryBytes of the node; empty if unknown
 * @param conditions under which it was measured, in words
 */
public record MeasuredMachine(
        int format,
        String host,
        Instant measured,
        String cpu,
        int cores,
        Optional<Long> memoryBytes,
        List<String> conditions,
        List<MeasuredCeiling> ceilings,
        List<Collective> collectives,
        List<NotMeasured> notMeasured) {
    /** Of files that this program writes, and the only one it reads. */
    public static final int FORMAT = 1;

    public MeasuredMachine {
        conditions = List.copyOf(conditions);
        ceilings = List.copyOf(ceilings);
        collectives = List.copyOf(collectives);
        notMeasured = List.copyOf(notMeasured);
    }

    /** The ceiling with the highest median among those of this kind; empty if none was measured. */
    public Optional<MeasuredCeiling> best(Resource resource, String level, String operation, String precision) {
        return ceilings.stream()
                .filter(ceiling -> ceiling.resource() == resource
                        && ceiling.level().equals(level)
                        && ceiling.operation().equals(operation)
                        && ceiling.precision().equals(precision))
                .max(Comparator.comparingDouble(ceiling -> ceiling.rate().median()));
    }
}
