package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * Events of the processor through the {@code perf} tool, which multiplexes and scales them. The sets of events of the processors we
 * know are tried in turn; what each event is worth is a fact of the vendor's event lists.
 */
final class PerfEvents implements CounterSource {
    /** Single and double precision; a fused multiply-add counts twice by itself. Intel, from Broadwell; AMX does not count. */
    private static final Map<String, Double> INTEL_FLOP = Map.of(
            "fp_arith_inst_retired.scalar_single:u", 1.0,
            "fp_arith_inst_retired.scalar_double:u", 1.0,
            "fp_arith_inst_retired.128b_packed_single:u", 4.0,
            "fp_arith_inst_retired.128b_packed_double:u", 2.0,
            "fp_arith_inst_retired.256b_packed_single:u", 8.0,
            "fp_arith_inst_retired.256b_packed_double:u", 4.0,
            "fp_arith_inst_retired.512b_packed_single:u", 16.0,
            "fp_arith_inst_retired.512b_packed_double:u", 8.0);
    /** AMD, from Zen. */
    private static final Map<String, Double> AMD_FLOP = Map.of("fp_ret_sse_avx_ops.all:u", 1.0);

    private static final Map<String, Double> INTEL_SERVER_MEMORY =
            Map.of("uncore_imc/cas_count_read/", 1.0, "uncore_imc/cas_count_write/", 1.0);
    private static final Map<String, Double> INTEL_CLIENT_MEMORY =
            Map.of("uncore_imc/data_reads/", 1.0, "uncore_imc/data_writes/", 1.0);
    /**
     * AMD, from Zen 4, Linux from 6.7: column commands of the unified memory controllers, reads and writes, a line of 64 bytes
     * each; by number, since perf's own list of events may be older than the kernel.
     */
    private static final Map<String, Double> AMD_MEMORY = Map.of("amd_umc/event=0x0a/", 64.0);

    private static final Path PARANOID = Path.of("/proc/sys/kernel/perf_event_paranoid");
    private static final long STOP_SECONDS = 5;

    private final String name;
    private final Quantity quantity;
    private final Scope scope;
    private final List<Map<String, Double>> candidates;
    private final int mostParanoid;
    private Optional<Map<String, Double>> chosen = Optional.empty();

    /** @param mostParanoid highest perf_event_paranoid at which the kernel lets users count these */
    PerfEvents(String name, Quantity quantity, Scope scope, List<Map<String, Double>> candidates, int mostParanoid) {
        this.name = name;
        this.quantity = quantity;
        this.scope = scope;
        this.candidates = candidates;
        this.mostParanoid = mostParanoid;
    }

    /** FLOP that this process does in user mode. */
    static PerfEvents flop() {
        return new PerfEvents(
                "perf: floating-point instructions", Quantity.FLOP, Scope.PROCESS, List.of(INTEL_FLOP, AMD_FLOP), 2);
    }

    /** Bytes through the memory controllers, which no process has for itself. */
    static PerfEvents memory() {
        return new PerfEvents(
                "perf: memory controllers",
                Quantity.MEMORY,
                Scope.NODE,
                List.of(INTEL_SERVER_MEMORY, INTEL_CLIENT_MEMORY, AMD_MEMORY),
                0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Quantity quantity() {
        return quantity;
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public Availability availability() {
        String missing = "";
        for (Map<String, Double> events : candidates) {
            try {
                PerfOutput output = probe(events);
                if (output.failure().isEmpty() && output.amounts().size() == events.size()) {
                    chosen = Optional.of(events);
                    return Availability.covers(
                            String.join(", ", output.amounts().keySet()));
                }
                missing = output.failure().orElse("perf counted only some events");
            } catch (IOException e) {
                return Availability.missing(
                        "the tool perf is missing",
                        "install the package of your distribution that has it: perf, linux-perf or linux-tools");
            }
        }
        return Availability.missing(
                "not on this processor, in this virtual machine or for this user: " + missing, remedy());
    }

    private String remedy() {
        try {
            int now = Integer.parseInt(Files.readString(PARANOID).strip());
            return now > mostParanoid
                    ? "as root: sysctl kernel.perf_event_paranoid=" + mostParanoid + " (now " + now + ")"
                    : "run on the machine itself, or let its virtual machine see the processor's counters";
        } catch (IOException | NumberFormatException e) {
            return "needs a kernel with perf_event";
        }
    }

    private PerfOutput probe(Map<String, Double> events) throws IOException {
        var command = new ArrayList<>(List.of("perf", "stat", "-x,", "-e", String.join(",", events.keySet())));
        if (scope == Scope.NODE) {
            command.add("-a");
        }
        command.addAll(List.of("--", "true"));
        return PerfOutput.parse(Tool.run(command).lines());
    }

    @Override
    public Counting open() throws IOException {
        if (chosen.isEmpty()) {
            Availability availability = availability();
            if (!availability.available()) {
                throw new IOException(name + ": " + availability.detail());
            }
        }
        return new Attached(chosen.orElseThrow());
    }

    /** The amount that an output of perf stands for; empty if an event was not counted. */
    static OptionalDouble amount(PerfOutput output, Map<String, Double> events) {
        if (output.failure().isPresent() || !output.amounts().keySet().containsAll(events.keySet())) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(events.entrySet().stream()
                .mapToDouble(event -> event.getValue() * output.amounts().getOrDefault(event.getKey(), 0.0))
                .sum());
    }

    /** A perf process that watches until its input ends. */
    private final class Attached implements Counting {
        private final Map<String, Double> events;
        private final Path printed;
        private final Process perf;

        Attached(Map<String, Double> events) throws IOException {
            this.events = events;
            this.printed = Files.createTempFile("mlhpc-perf", ".csv");
            var command = new ArrayList<>(List.of("perf", "stat", "-x,", "-e", String.join(",", events.keySet())));
            String self = Long.toString(ProcessHandle.current().pid());
            command.addAll(scope == Scope.NODE ? List.of("-a") : List.of("-p", self));
            // perf counts until the program given to it ends, as this one does when its input does: in stop, or when
            // this process is killed.
            command.addAll(List.of("--", "cat"));
            perf = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
        }

        @Override
        public void keepUp() {}

        @Override
        public OptionalDouble stop() {
            try {
                perf.getOutputStream().close();
                if (!perf.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    return OptionalDouble.empty();
                }
                return amount(PerfOutput.parse(Files.readAllLines(printed)), events);
            } catch (IOException e) {
                return OptionalDouble.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return OptionalDouble.empty();
            } finally {
                close();
            }
        }

        @Override
        public void close() {
            perf.destroyForcibly();
            try {
                Files.deleteIfExists(printed);
            } catch (IOException e) {
                // A temporary file that stays harms nobody.
                printed.toFile().deleteOnExit();
            }
        }
    }
}
