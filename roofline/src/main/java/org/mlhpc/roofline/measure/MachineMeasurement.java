package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Engine;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.UsableMemory;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.gpu.GpuDriver;
import org.mlhpc.roofline.network.CommunicatorMessages;
import org.mlhpc.roofline.network.NativeMessages;
import org.mlhpc.roofline.storage.TestFile;

/**
 * Measures what is asked for.
 *
 * @param resources to measure; others are left out without a word
 * @param wanted the steps to take, by their labels
 * @param path of the file system to measure
 * @param javaLoops does without loops in C
 * @param processors that may be used
 * @param memory that may be used
 * @param peaks that the user knows, in the resource's unit
 * @param engine null if there is none
 * @param accelerators finds the accelerators of one process; null to leave them out
 */
public record MachineMeasurement(
        Set<Resource> resources,
        Pattern wanted,
        Path path,
        boolean javaLoops,
        Effort effort,
        Processors processors,
        UsableMemory memory,
        Map<Resource, Double> peaks,
        @Nullable Engine engine,
        GpuDriver.@Nullable Finder accelerators) {
    private static final String COMPILER = "cc";
    private static final String MPI_COMPILER = "mpicc";
    private static final boolean SIMULATED_NODES = System.getenv("MLHPC_SIMULATED_NODES") != null;
    /** The start of this program alone is a load. */
    private static final double QUIET_SHARE = 0.5;

    /** Resources that one process measures; between ranks it is the network alone, as ranks are bound to their cores. */
    public static final Set<Resource> OF_ONE_PROCESS =
            Set.copyOf(EnumSet.of(Resource.COMPUTE, Resource.MEMORY, Resource.STORAGE));

    /** Collective. */
    public Findings measure(Communicator world, Step.Listener listener) throws IOException {
        var findings = new Findings();
        // Of each measurement, as the memory of a machine that was not known is that of the first.
        memory.condition().ifPresent(findings::condition);
        load(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(), processors.logical())
                .ifPresent(warning -> condition(findings, resources, warning));
        if (resources.contains(Resource.NETWORK)) {
            network(world, findings, listener);
        } else {
            local(findings, listener);
        }
        return findings;
    }

    /** For each resource by itself, since each can be measured again. */
    private static void condition(Findings findings, Set<Resource> of, String text) {
        of.stream().sorted().forEach(resource -> findings.condition(resource.word() + ": " + text));
    }

    /**
     * A warning if others work on the machine.
     *
     * @param average processes that want to run, over the last minute; negative if unknown
     */
    static Optional<String> load(double average, int cores) {
        return average <= QUIET_SHARE * cores
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "NOT QUIET: load average %.1f on %d %s before the measurement; expect rates that are too low",
                        average,
                        cores,
                        cores == 1 ? "processor" : "processors"));
    }

    private void network(Communicator world, Findings findings, Step.Listener listener) throws IOException {
        findings.condition(NetworkSteps.condition(effort));
        findings.condition(
                "network: " + world.size() + " ranks, " + world.node().size()
                        + " of them on the first node; times are those of the slowest rank; all-reduce sums fp32");
        place(world, findings);
        // With more ranks on a node what a rank sees need not pass a link.
        boolean oneRankOnEachNode = findings.ranksPerNode() == 1;
        var network = new NetworkSteps(world, effort, known().network(oneRankOnEachNode));
        int largest = NetworkSteps.largest(world, effort);
        List<Step> steps = new ArrayList<>(network.throughBindings(new CommunicatorMessages(world, largest)));
        try (NativeMessages inC = inC(world, largest, findings)) {
            if (inC != null) {
                steps.addAll(network.inC(inC));
            }
            Step.runAll(wanted(steps), findings, listener);
        }
    }

    /** Simulated nodes are on one: what their ranks send each other passes no link. */
    private static void place(Communicator world, Findings findings) {
        int nodes = world.nodes();
        int most = (int) world.max(world.node().size());
        if (SIMULATED_NODES) {
            findings.placed(1, world.size());
        } else {
            findings.placed(nodes, most);
        }
    }

    private @Nullable NativeMessages inC(Communicator world, int largest, Findings findings) throws IOException {
        if (javaLoops) {
            return null;
        }
        try {
            return NativeMessages.prepare(world, MPI_COMPILER, largest);
        } catch (IOException e) {
            findings.missing(
                    "network in C", FileErrors.message(e), "put the mpicc of this Open MPI on the PATH, with gcc");
            return null;
        }
    }

    private void local(Findings findings, Step.Listener listener) throws IOException {
        // Opened first: that there is no room should not be found out after minutes.
        try (TestFile file = resources.contains(Resource.STORAGE) ? TestFile.create(path, effort.fileBytes()) : null;
                Loops loops = needsLoops() ? Loops.prepare(javaLoops, COMPILER, effort) : null;
                AcceleratorSteps devices = accelerators == null
                        ? null
                        : AcceleratorSteps.open(accelerators, AcceleratorSteps.PCI_DEVICES, effort, findings)) {
            var steps = new ArrayList<Step>();
            if (loops != null) {
                addLoops(loops, steps, findings);
            }
            if (file != null) {
                findings.condition(StorageSteps.condition(effort));
                findings.condition("storage: " + path.toAbsolutePath().normalize() + ", file of "
                        + (effort.fileBytes() >> 20)
                        + " MiB, requests of 1 MiB in order and of 4 KiB at random, one at a"
                        + " time by thread; cached writes are not waited for");
                steps.addAll(StorageSteps.of(file, path, effort, known()));
            }
            if (devices != null) {
                steps.addAll(devices.steps());
            }
            Step.runAll(wanted(steps).stream().map(Step::alone).toList(), findings, listener);
        }
        findings.missing(
                "network",
                "one process has nobody to send to",
                "add it to the same file: ./mlhpc roofline measure --ranks 2 --out FILE");
    }

    /** Loops in Java are no match for those that were wanted, so these are missing. */
    private void missingInC(Findings findings, Loops.Refusal refusal) {
        ofLoops().stream()
                .sorted()
                .forEach(resource -> findings.missing(resource.word() + " loops in C", refusal.why(), refusal.fix()));
    }

    /** @throws IllegalArgumentException if all steps there are are left out */
    private List<Step> wanted(List<Step> steps) {
        List<Step> left = steps.stream()
                .filter(step -> wanted.matcher(step.label()).find())
                .toList();
        if (left.isEmpty() && !steps.isEmpty()) {
            throw new IllegalArgumentException("--steps " + wanted + " matches none of: "
                    + steps.stream().map(Step::label).collect(Collectors.joining("; ")));
        }
        return left;
    }

    private Peaks known() {
        return new Peaks(Links.ofThisMachine(), peaks);
    }

    private boolean needsLoops() {
        return !ofLoops().isEmpty();
    }

    private Set<Resource> ofLoops() {
        return resources.stream()
                .filter(resource -> resource == Resource.COMPUTE || resource == Resource.MEMORY)
                .collect(Collectors.toSet());
    }

    /** Plans the steps of loops and says what holds for them. */
    void addLoops(Loops loops, List<Step> steps, Findings findings) throws IOException {
        condition(findings, ofLoops(), loops.condition());
        loops.refusal().ifPresent(refusal -> missingInC(findings, refusal));
        if (resources.contains(Resource.COMPUTE)) {
            findings.condition(ComputeSteps.condition(effort));
            ComputeSteps.assumptions(loops, processors).ifPresent(findings::condition);
            steps.addAll(ComputeSteps.of(loops, processors, engine, effort));
        }
        if (resources.contains(Resource.MEMORY)) {
            List<CacheLevel> caches = CacheLevel.of(Processors.allowedToThisProcess(), Processors.DEVICES);
            if (caches.isEmpty()) {
                findings.missing(
                        "memory caches",
                        "the kernel does not describe them in " + Processors.DEVICES,
                        "mount /sys in the container; let the virtual machine see the caches of its host (QEMU: -cpu"
                                + " host,host-cache-info=on)");
            }
            findings.condition(MemorySteps.condition(effort));
            findings.condition(
                    "memory: working sets of half a cache, bytes counted as STREAM does; DRAM copy and triad are"
                            + " the better of stores through and past the caches; the peak of L1 takes two loads and a store"
                            + " of 64 bytes a cycle, or three and two of narrower vectors");
            steps.addAll(MemorySteps.of(loops, caches, processors, memory.bytes(), known()));
        }
    }
}
