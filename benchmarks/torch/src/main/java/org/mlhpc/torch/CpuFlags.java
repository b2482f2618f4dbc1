package org.mlhpc.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Instruction sets of the processor by the kernel's names for them; none where the kernel does not tell. */
record CpuFlags(Set<String> names) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    static CpuFlags ofThisMachine() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return parse(lines);
        } catch (IOException e) {
            return new CpuFlags(Set.of());
        }
    }

    static CpuFlags parse(Stream<String> cpuInfo) {
        return new CpuFlags(cpuInfo.filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+"))
                .map(flags -> Arrays.stream(flags).collect(Collectors.toUnmodifiableSet()))
                .orElse(Set.of()));
    }

    boolean containsAnyOf(String... wanted) {
        return Arrays.stream(wanted).anyMatch(names::contains);
    }
}
