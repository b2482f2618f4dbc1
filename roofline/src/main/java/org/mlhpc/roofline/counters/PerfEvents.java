package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.api.FileErrors;

/**
 * Events of the processor through the {@code perf} tool, which multiplexes and scales them. The sets of events of the processors we
 * know are tried in turn; what each event is worth is a fact of the vendor's event lists.
 */
final class PerfEvents implements CounterSource {
    /** Single and double precision; a fused multiply-add counts twice by itself. Intel, from Broadwell. */
    private static final Map<String, Double> INTEL_FLOP = Map.of(
            "fp_arith_inst_retired.scalar_single:u", 1.0,
            "fp_arith_inst_retired.scalar_double:u", 1.0,
            "fp_arith_inst_retired.128b_packed_single:u", 4.0,
            "fp_arith_inst_retired.128b_packed_double:u", 2.0,
            "fp_arith_inst_retired.256b_packed_single:u", 8.0,
            "fp_arith_inst_retired.256b_packed_double:u", 4.0);
    /** The same where there are units of AVX-512: one event that a processor lacks makes perf refuse all. AMX does not count. */
    private static final Map<String, Double> INTEL_AVX512_FLOP = with(
            INTEL_FLOP,
            Map.of(
                    "fp_arith_inst_retired.512b_packed_single:u", 16.0,
                    "fp_arith_inst_retired.512b_packed_double:u", 8.0));
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

    private static final String INSTALL =
            "install the package of your distribution that has it: perf, linux-perf or linux-tools";
    private static final String ELSEWHERE =
            "run on the machine itself, or let its virtual machine see the processor's counters";
    private static final String UNKNOWN_EVENT = "event syntax error";
    private static final Path PARANOID = Path.of("/proc/sys/kernel/perf_event_paranoid");

    private final PerfTool perf;
    private final String name;
    private final Quantity quantity;
    private final Scope scope;
    private final List<Map<String, Double>> candidates;
    private final int mostParanoid;
    private Optional<Map<String, Double>> chosen = Optional.empty();

    /** @param mostParanoid highest perf_event_paranoid at which the kernel lets users count these */
    PerfEvents(
            PerfTool perf,
            String name,
            Quantity quantity,
            Scope scope,
            List<Map<String, Double>> candidates,
            int mostParanoid) {
        this.perf = perf;
        this.name = name;
        this.quantity = quantity;
        this.scope = scope;
        this.candidates = candidates;
        this.mostParanoid = mostParanoid;
    }

    /** FLOP that this process does in user mode. */
    static PerfEvents flop(PerfTool perf) {
        return new PerfEvents(
                perf,
                "perf: floating-point instructions",
                Quantity.FLOP,
                Scope.PROCESS,
                List.of(INTEL_AVX512_FLOP, INTEL_FLOP, AMD_FLOP),
                2);
    }

    /** Bytes through the memory controllers, which no process has for itself. */
    static PerfEvents memory(PerfTool perf) {
        return new PerfEvents(
                perf,
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
        try {
            Tool.Output version = perf.version();
            return version.exitCode() == 0
                    ? choose()
                    : Availability.missing(
                            "perf does not run: " + version.firstLine(),
                            "install the perf of this kernel, " + System.getProperty("os.version"));
        } catch (Tool.MissingException e) {
            return Availability.missing("the tool perf is missing", INSTALL);
        } catch (IOException e) {
            return Availability.missing(
                    "perf cannot be tried: " + FileErrors.message(e),
                    "see that perf --version ends within seconds, and make room in the folder of temporary files, "
                            + System.getProperty("java.io.tmpdir"));
        }
    }

    private Availability choose() throws IOException {
        var refused = new LinkedHashSet<String>();
        for (Map<String, Double> events : candidates) {
            Optional<String> obstacle = perf.probe(events.keySet(), scope).obstacle(events.keySet());
            if (obstacle.isEmpty()) {
                chosen = Optional.of(events);
                return Availability.covers(String.join(", ", events.keySet()));
            }
            obstacle.filter(each -> !each.startsWith(UNKNOWN_EVENT)).ifPresent(refused::add);
        }
        return refused.isEmpty()
                ? Availability.missing("perf knows no such events of this processor or virtual machine", ELSEWHERE)
                : Availability.missing(
                        "not in this virtual machine or for this user: " + String.join("; ", refused), remedy());
    }

    private String remedy() {
        try {
            int now = Integer.parseInt(Files.readString(PARANOID).strip());
            return now > mostParanoid
                    ? "as root: sysctl kernel.perf_event_paranoid=" + mostParanoid + " (now " + now + ")"
                    : ELSEWHERE;
        } catch (IOException | NumberFormatException e) {
            return "needs a kernel with perf_event";
        }
    }

    @Override
    public Counting open() throws IOException {
        if (chosen.isEmpty()) {
            Availability availability = availability();
            if (!availability.available()) {
                throw new IOException(availability.detail());
            }
        }
        return new PerfCounting(perf, chosen.orElseThrow(), scope);
    }

    private static Map<String, Double> with(Map<String, Double> events, Map<String, Double> further) {
        var all = new TreeMap<>(events);
        all.putAll(further);
        return Collections.unmodifiableMap(all);
    }
}
