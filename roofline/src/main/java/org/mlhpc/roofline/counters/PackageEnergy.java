package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Energy of processor packages and memory from RAPL, which AMD processors have under the same name (kernel documentation,
 * power/powercap). Cores and graphics are parts of the package, and psys holds all: they would count twice.
 */
final class PackageEnergy extends RegisterSource {
    private static final double JOULES_PER_MICROJOULE = 1e-6;
    /** Twice what the hungriest packages on sale may draw for long; memory draws less. */
    private static final double MOST_WATTS = 1000;

    private static final String FOLDER = "sys/class/powercap";

    private final KernelFiles kernel;

    PackageEnergy(KernelFiles kernel) {
        super("RAPL (/sys/class/powercap)", Quantity.ENERGY, Scope.NODE, JOULES_PER_MICROJOULE);
        this.kernel = kernel;
    }

    @Override
    List<Register> registers() throws IOException {
        var registers = new ArrayList<Register>();
        for (Path domain : kernel.folders(FOLDER, "intel-rapl:*")) {
            String name = Files.readString(domain.resolve("name")).strip();
            if (name.startsWith("package") || name.equals("dram")) {
                registers.add(register(name + "(" + KernelFiles.name(domain) + ")", domain));
            }
        }
        return registers;
    }

    private static Register register(String key, Path domain) throws IOException {
        long range = KernelFiles.number(domain.resolve("max_energy_range_uj"));
        double secondsToWrap = range * JOULES_PER_MICROJOULE / MOST_WATTS;
        return new Register(key, KernelFiles.number(domain.resolve("energy_uj")), range, secondsToWrap);
    }

    @Override
    String lacking() {
        return "no RAPL: a virtual machine, another processor, or the module intel_rapl_msr is not loaded";
    }

    @Override
    String supply() {
        return "on the machine itself, as root: modprobe intel_rapl_msr, for AMD too";
    }

    @Override
    String remedy(IOException failure) {
        return "as root: chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj";
    }
}
