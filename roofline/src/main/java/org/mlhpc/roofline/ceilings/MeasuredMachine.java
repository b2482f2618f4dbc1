package org.mlhpc.roofline.ceilings;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.roofline.Resource;

/**
 * The ceilings of one machine, as {@code ./mlhpc roofline measure} finds them.
 *
 * @param format version of the file, {@link #FORMAT}
 * @param measured when it began
 * @param cpu model name as the kernel has it
 * @param cores that may be used
 * @param memoryBytes of the node; empty if unknown
 * @param collectives through the Java bindings, as training uses them
 * @param collectivesInC the same without the bindings; empty if that was not measured
 * @param conditions under which it was measured, in words
 * @param ceilings of processors, memory, storage and network
 * @param accelerators each with ceilings of its own
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
        List<Collective> collectivesInC,
        List<MeasuredAccelerator> accelerators,
        List<NotMeasured> notMeasured) {
    /** Of files that this program writes, and the only one it reads. */
    public static final int FORMAT = 1;
    /** What conditions and missing things of accelerators begin with. */
    public static final String ACCELERATOR = "accelerator";

    public MeasuredMachine {
        conditions = List.copyOf(conditions);
        ceilings = List.copyOf(ceilings);
        collectives = List.copyOf(collectives);
        collectivesInC = List.copyOf(collectivesInC);
        accelerators = List.copyOf(accelerators);
        notMeasured = List.copyOf(notMeasured);
    }

    /** A machine without accelerators, and without times of messages in C. */
    public MeasuredMachine(
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
        this(
                format,
                host,
                measured,
                cpu,
                cores,
                memoryBytes,
                conditions,
                ceilings,
                collectives,
                List.of(),
                List.of(),
                notMeasured);
    }

    /** Every fault of a ceiling, with the name of that ceiling in front. */
    public List<String> faults() {
        Stream<String> own = ceilings.stream()
                .flatMap(ceiling -> ceiling.fault().map(fault -> ceiling.name() + ": " + fault).stream());
        Stream<String> others = accelerators.stream().flatMap(MeasuredAccelerator::faults);
        return Stream.concat(own, others).toList();
    }

    /**
     * This machine with what {@code found} has of {@code resources} in the place of what it had of them; of missing things
     * and conditions, those that begin with a resource's name are its own, and others are kept once. Accelerators are replaced
     * if {@code found} says anything of them.
     */
    public MeasuredMachine replaced(MeasuredMachine found, Set<Resource> resources) {
        Set<String> subjects = resources.stream().map(Resource::word).collect(Collectors.toCollection(HashSet::new));
        boolean otherAccelerators = found.speaksOfAccelerators();
        if (otherAccelerators) {
            subjects.add(ACCELERATOR);
        }
        return new MeasuredMachine(
                format,
                found.host,
                found.measured,
                cpu,
                cores,
                found.memoryBytes,
                joined(conditions, found.conditions, text -> !isOf(text, subjects)),
                joined(ceilings, found.ceilings, ceiling -> !resources.contains(ceiling.resource())),
                joined(collectives, found.collectives, row -> !resources.contains(Resource.NETWORK)),
                joined(collectivesInC, found.collectivesInC, row -> !resources.contains(Resource.NETWORK)),
                otherAccelerators ? found.accelerators : accelerators,
                joined(notMeasured, without(found, resources), missing -> !isOf(missing.what(), subjects)));
    }

    private boolean speaksOfAccelerators() {
        return !accelerators.isEmpty()
                || notMeasured.stream().anyMatch(missing -> missing.what().startsWith(ACCELERATOR));
    }

    /** That a process alone has no network does not matter once ranks have measured it. */
    private List<NotMeasured> without(MeasuredMachine found, Set<Resource> resources) {
        boolean hasNetwork = !collectives.isEmpty() && !resources.contains(Resource.NETWORK);
        return found.notMeasured.stream()
                .filter(missing -> !(hasNetwork && isOf(missing.what(), Set.of("network"))))
                .toList();
    }

    private static <T> List<T> joined(List<T> old, List<T> found, Predicate<T> keep) {
        return Stream.concat(old.stream().filter(keep), found.stream())
                .distinct()
                .toList();
    }

    private static boolean isOf(String text, Set<String> subjects) {
        return subjects.stream().anyMatch(text::startsWith);
    }
}
