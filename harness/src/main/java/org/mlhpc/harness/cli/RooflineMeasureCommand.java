package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Engine;
import org.mlhpc.harness.Console;
import org.mlhpc.harness.MachineProbe;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.MachineFile;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.ceilings.Origin;
import org.mlhpc.roofline.gpu.CudaDriver;
import org.mlhpc.roofline.measure.Effort;
import org.mlhpc.roofline.measure.Findings;
import org.mlhpc.roofline.measure.MachineMeasurement;
import org.mlhpc.roofline.measure.Processors;
import org.mlhpc.roofline.measure.UsableMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the ceilings of this machine. */
@Command(
        name = "measure",
        description = {
            "Measures the ceilings of this machine: arithmetic, memory by level, one file system, accelerators; with --ranks,"
                    + " the network between so many ranks instead.",
            "What is measured replaces the same resources in the --out file, and the rest of it stays: a second start with"
                    + " --ranks adds the network."
        })
final class RooflineMeasureCommand implements Callable<Integer> {
    /** What can be asked for: a {@link Resource} of the same name, or accelerators. */
    enum Subject {
        COMPUTE,
        MEMORY,
        STORAGE,
        NETWORK,
        ACCELERATORS
    }

    private final Job job;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the measured machine as JSON to this file.")
    private @Nullable Path out;

    @Option(
            names = "--path",
            paramLabel = "DIR",
            description = "A folder of the file system to measure; default: the current one.")
    private Path path = Path.of("");

    /** For the usage text; the launcher has started as many processes. */
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--ranks", paramLabel = "N", description = "Processes that measure the network; default: 1, none.")
    private int ranks = 1;

    @Option(
            names = "--only",
            paramLabel = "RESOURCE",
            split = ",",
            description = "Measure compute, memory, storage or accelerators alone; a list separated by commas.")
    private Set<Subject> only = Set.of();

    @Option(
            names = "--steps",
            paramLabel = "REGEX",
            description = "Take only the steps in whose names this is found, such as 'DRAM triad, 1'; not with --out.")
    private @Nullable Pattern steps;

    @Option(
            names = "--peak",
            paramLabel = "RESOURCE=RATE",
            split = ",",
            converter = {ResourceName.class, Rate.class},
            description = "Peaks from the data sheet to show percentages of, such as memory=460GB/s,network=25GB/s.")
    private Map<Resource, Double> peaks = Map.of();

    @Option(names = "--quick", description = "Measure in about a minute on a few cores, with wider spreads.")
    private boolean quick;

    @Option(names = "--java-loops", description = "Do without the loops in C, even if there is a compiler.")
    private boolean javaLoops;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text, json or csv; default: text.")
    private Format format = Format.TEXT;

    RooflineMeasureCommand(Job job) {
        this.job = job;
    }

    @Override
    public Integer call() throws IOException {
        if (steps != null && out != null) {
            throw new IllegalArgumentException("--steps measures a part of a resource: leave --out out");
        }
        Communicator world = job.world();
        Set<Resource> resources = resources(world.size());
        Console console = Consoles.forThisProcess(world.rank() != 0);
        Instant begin = Clock.systemUTC().instant();
        Optional<MeasuredMachine> before = world.rank() == 0 ? before(resources) : Optional.empty();
        Findings findings = measurement(resources).measure(world, (label, number, steps, secondsLeft) -> {
            if (number == 1 || console.due()) {
                console.show("measuring %s, %d of %d%s", label, number, steps, left(secondsLeft));
            }
        });
        if (world.rank() != 0) {
            return 0;
        }
        MeasuredMachine found = machine(findings, resources, begin);
        MeasuredMachine all = before.map(old -> old.replaced(found, resources)).orElse(found);
        // Printed first: what took minutes is not lost if the file cannot be written.
        print(out == null ? found : all);
        if (out != null) {
            MachineFile.write(out.toAbsolutePath(), all);
            console.say("written to %s", out);
        }
        return found.faults().isEmpty() ? 0 : Main.FAILED;
    }

    private static String left(double seconds) {
        return Double.isNaN(seconds) ? "" : ", " + Console.duration(seconds) + " left";
    }

    private Set<Resource> resources(int size) {
        if (size > 1) {
            if (!only.isEmpty() && !only.equals(Set.of(Subject.NETWORK))) {
                throw new IllegalArgumentException(
                        "--only with --ranks can be network alone: ranks are bound to their cores");
            }
            return Set.of(Resource.NETWORK);
        }
        if (only.contains(Subject.NETWORK)) {
            throw new IllegalArgumentException("the network is measured between ranks: add --ranks 2 or more");
        }
        if (only.isEmpty()) {
            return MachineMeasurement.OF_ONE_PROCESS;
        }
        var resources = EnumSet.noneOf(Resource.class);
        only.stream()
                .filter(subject -> subject != Subject.ACCELERATORS)
                .forEach(subject -> resources.add(Resource.valueOf(subject.name())));
        return resources;
    }

    /** What the file has already; refuses to mix machines before time is spent. */
    private Optional<MeasuredMachine> before(Set<Resource> resources) throws IOException {
        requireWritable();
        if (out == null || !Files.exists(out)) {
            return Optional.empty();
        }
        MeasuredMachine old = MachineFile.read(out);
        // Ranks are bound to their cores, so those that measure the network do not tell how many a job may use.
        boolean sameCores = resources.contains(Resource.NETWORK)
                || old.ceilings().stream().allMatch(ceiling -> ceiling.resource() == Resource.NETWORK)
                || old.cores() == Processors.ofThisProcess().logical();
        if (!old.cpu().equals(MachineProbe.cpu()) || !sameCores) {
            throw new IllegalArgumentException("--out " + out + " is of another machine, " + old.host() + " with "
                    + old.cores() + " x " + old.cpu() + ", or of another share of it: choose another file");
        }
        return Optional.of(old);
    }

    private void requireWritable() throws IOException {
        if (out != null
                && !Files.isWritable(
                        Optional.ofNullable(out.toAbsolutePath().getParent()).orElse(out))) {
            throw new IOException("cannot write to the folder of --out " + out + ": choose another");
        }
    }

    private MachineMeasurement measurement(Set<Resource> resources) {
        return new MachineMeasurement(
                resources,
                steps == null ? Pattern.compile("") : steps,
                path,
                javaLoops,
                quick ? Effort.QUICK : Effort.FULL,
                Processors.ofThisProcess(),
                memory(),
                peaks,
                ServiceLoader.load(Engine.class).findFirst().orElse(null),
                only.isEmpty() || only.contains(Subject.ACCELERATORS) ? CudaDriver::find : null);
    }

    private static UsableMemory memory() {
        return UsableMemory.ofThisProcess(MachineProbe.memoryBytes());
    }

    private static MeasuredMachine machine(Findings findings, Set<Resource> resources, Instant begin) {
        Processors usable = Processors.ofThisProcess();
        boolean network = resources.contains(Resource.NETWORK);
        return MeasuredMachine.builder()
                .host(MachineProbe.host())
                .measured(begin)
                .cpu(MachineProbe.cpu())
                .cores(network ? MachineProbe.cores() : usable.logical())
                .physicalCores(network ? Optional.empty() : Optional.of(usable.cores()))
                .memoryBytes(Optional.of(memory().bytes()).filter(bytes -> bytes > 0))
                .origins(resources.stream()
                        .sorted()
                        .map(resource -> new Origin(
                                resource, MachineProbe.host(), begin, findings.nodes(), findings.ranksPerNode()))
                        .toList())
                .conditions(findings.conditions())
                .ceilings(findings.ceilings())
                .collectives(findings.collectives())
                .collectivesInC(findings.collectivesInC())
                .accelerators(findings.accelerators())
                .notMeasured(findings.notMeasured())
                .build();
    }

    private void print(MeasuredMachine machine) throws IOException {
        PrintWriter text = spec.commandLine().getOut();
        text.print(format == Format.JSON ? MachineFile.text(machine) : new CeilingTable(machine).text(format));
        text.flush();
    }
}
