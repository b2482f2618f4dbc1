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
                registers.add(new Register(
                        name + "(" + KernelFiles.name(domain) + ")",
                        KernelFiles.number(domain.resolve("energy_uj")),
                        KernelFiles.number(domain.resolve("max_energy_range_uj"))));
            }
        }
        return registers;
    }

    @Override
    String lacking() {
        return "no RAPL: a virtual machine, another processor, or the module intel_rapl_msr is not loaded";
    }

    @Override
    String remedy() {
        return "as root: chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj";
    }
}
