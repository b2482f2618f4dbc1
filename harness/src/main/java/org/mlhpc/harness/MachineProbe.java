package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.mlhpc.api.Engine;
import org.mlhpc.results.RunRecord.Machine;
import org.mlhpc.roofline.measure.ProcessorList;

/** Finds out where a run takes place; what cannot be found out stays empty. */
public final class MachineProbe {
    private static final long BYTES_PER_KIBIBYTE = 1024;

    private MachineProbe() {}

    /** Name of this node. */
    public static String host() {
        return first("/proc/sys/kernel/hostname", "");
    }

    /** Model name of the processor; empty if the kernel gives none. */
    public static String cpu() {
        return first("/proc/cpuinfo", "model name");
    }

    /** Processors of this node. */
    public static int cores() {
        return processors(first("/sys/devices/system/cpu/online", ""));
    }

    static Machine probe(int nodes, int ranks, int threads, String mpi) {
        Optional<Engine> engine = ServiceLoader.load(Engine.class).findFirst();
        String accelerator = engine.map(Engine::accelerator).orElse("");
        int ranksPerNode = (ranks + nodes - 1) / nodes;
        return new Machine(
                host(),
                nodes,
                ranks,
                threads,
                cpu(),
                cores(),
                memoryBytes(),
                accelerator,
                accelerator.isEmpty() ? 0 : ranksPerNode,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                mpi,
                engine.map(Engine::name).orElse(""),
                System.getenv().getOrDefault("MLHPC_ALLOCATOR", ""));
    }

    /** The value of the first line that begins with {@code key}, behind its colon; empty if there is none. */
    private static String first(String file, String key) {
        try {
            return parse(Files.readAllLines(Path.of(file)), key);
        } catch (IOException e) {
            return "";
        }
    }

    static String parse(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .map(line -> line.substring(key.isEmpty() ? 0 : line.indexOf(':') + 1)
                        .strip())
                .orElse("");
    }

    /**
     * Processors of the node, whatever this rank is bound to.
     *
     * @param online ranges as the kernel writes them, such as {@code 0-3,8}; empty if it does not
     */
    static int processors(String online) {
        try {
            return ProcessorList.members(online).size();
        } catch (IOException e) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /** Of this node, whatever this process may use of it; 0 if unknown. */
    public static long memoryBytes() {
        String total = first("/proc/meminfo", "MemTotal").toLowerCase(Locale.ROOT);
        return total.endsWith(" kb")
                ? Long.parseLong(total.substring(0, total.length() - 3).strip()) * BYTES_PER_KIBIBYTE
                : 0;
    }
}
