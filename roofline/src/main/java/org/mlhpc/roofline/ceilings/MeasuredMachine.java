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
 * @param host that compute, memory or storage was measured on last
 * @param measured when that began; {@code origins} tells of each resource
 * @param cpu model name as the kernel has it
 * @param cores logical processors that the measurement, and so a job like it, could use
 * @param physicalCores that these belong to; empty if unknown
 * @param memoryBytes that the measurement of memory, and so a job like it, could use on a node, the first measurement of all if
 *     that has not been measured; empty if unknown
 * @param collectives through the Java bindings, as training uses them
 * @param collectivesInC the same without the bindings; empty if that was not measured
 * @param origins where and when each resource was measured; files from before have none
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
        Optional<Integer> physicalCores,
        Optional<Long> memoryBytes,
        List<Origin> origins,
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
        int logical = cores;
        if (cores < 1) {
            throw new IllegalArgumentException("cores is " + cores + ", less than 1");
        }
        physicalCores.filter(count -> count < 1 || count > logical).ifPresent(count -> {
            throw new IllegalArgumentException(
                    "physical_cores is " + count + ", but cores, the logical processors, is " + logical);
        });
        memoryBytes.filter(bytes -> bytes < 1).ifPresent(bytes -> {
            throw new IllegalArgumentException("memory_bytes is " + bytes + "; null if it is not known");
        });
        origins = List.copyOf(origins);
        conditions = List.copyOf(conditions);
        ceilings = List.copyOf(ceilings);
        collectives = List.copyOf(collectives);
        collectivesInC = List.copyOf(collectivesInC);
        accelerators = List.copyOf(accelerators);
        notMeasured = List.copyOf(notMeasured);
    }

    /** A machine of which nothing is known yet. */
    public static MachineBuilder builder() {
        return new MachineBuilder();
    }

    /** To change some of its members. */
    public MachineBuilder toBuilder() {
        return new MachineBuilder(this);
    }

    /** Where and when {@code resource} was measured; empty if the file is older than this record. */
    public Optional<Origin> origin(Resource resource) {
        return origins.stream().filter(origin -> origin.resource() == resource).findFirst();
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
     * and conditions, those that begin with a resource's name are its own, and others are kept once. What a job may use of the
     * memory belongs to memory. Accelerators are replaced if {@code found} says anything of them.
     */
    public MeasuredMachine replaced(MeasuredMachine found, Set<Resource> resources) {
        Set<String> subjects = resources.stream().map(Resource::word).collect(Collectors.toCollection(HashSet::new));
        boolean otherAccelerators = found.speaksOfAccelerators();
        if (otherAccelerators) {
            subjects.add(ACCELERATOR);
        }
        boolean network = resources.contains(Resource.NETWORK);
        // Ranks are bound to their cores and may be on any node: what they see of it is not this machine.
        MachineBuilder all = network ? toBuilder() : toBuilder().of(found);
        return all.memoryBytes(resources.contains(Resource.MEMORY) ? found.memoryBytes : memoryBytes)
                .origins(joined(origins, found.origins, origin -> !resources.contains(origin.resource())))
                .conditions(joined(conditions, conditionsOf(found, resources), text -> !isOf(text, subjects)))
                .ceilings(joined(ceilings, found.ceilings, ceiling -> !resources.contains(ceiling.resource())))
                .collectives(joined(collectives, found.collectives, row -> !network))
                .collectivesInC(joined(collectivesInC, found.collectivesInC, row -> !network))
                .accelerators(otherAccelerators ? found.accelerators : accelerators)
                .notMeasured(joined(notMeasured, without(found, resources), missing -> !isOf(missing.what(), subjects)))
                .build();
    }

    private boolean speaksOfAccelerators() {
        return !accelerators.isEmpty()
                || notMeasured.stream().anyMatch(missing -> missing.what().startsWith(ACCELERATOR));
    }

    /** Without those of resources that are not replaced: they are of numbers that are not taken over. */
    private static List<String> conditionsOf(MeasuredMachine found, Set<Resource> resources) {
        Set<String> others = Stream.of(Resource.values())
                .filter(resource -> !resources.contains(resource))
                .map(Resource::word)
                .collect(Collectors.toSet());
        return found.conditions.stream().filter(text -> !isOf(text, others)).toList();
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
