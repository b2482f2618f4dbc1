package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes received and sent by the ports of InfiniBand and Omni-Path adapters, which the kernel counts in words of four bytes
 * (kernel documentation, ABI/stable/sysfs-class-infiniband). Old kernels have the counters of 64 bits in a folder of their own,
 * beside those of 32 bits, which stop at their largest value.
 */
final class InfiniBand extends RegisterSource {
    private static final double BYTES_PER_WORD = 4;
    private static final long STUCK = 0xFFFF_FFFFL;

    private final KernelFiles kernel;

    InfiniBand(KernelFiles kernel) {
        super("InfiniBand and Omni-Path ports (/sys/class/infiniband)", Quantity.NETWORK, Scope.NODE, BYTES_PER_WORD);
        this.kernel = kernel;
    }

    @Override
    List<Register> registers() throws IOException {
        var registers = new ArrayList<Register>();
        for (Path adapter : kernel.folders("sys/class/infiniband", "*")) {
            String ports = "sys/class/infiniband/" + KernelFiles.name(adapter) + "/ports";
            for (Path port : kernel.folders(ports, "*")) {
                String name = KernelFiles.name(adapter) + "/" + KernelFiles.name(port);
                registers.add(register(name + " received", port, "port_rcv_data"));
                registers.add(register(name + " sent", port, "port_xmit_data"));
            }
        }
        return registers;
    }

    private static Register register(String key, Path port, String counter) throws IOException {
        Path extended = port.resolve("counters_ext").resolve(counter + "_64");
        if (Files.exists(extended)) {
            return Register.ofWords(key, KernelFiles.number(extended));
        }
        Path file = port.resolve("counters").resolve(counter);
        long value = KernelFiles.number(file);
        if (value == STUCK) {
            throw new IOException(file + " has 32 bits and has stopped at its largest value");
        }
        return Register.ofWords(key, value);
    }

    @Override
    String lacking() {
        return "no such adapter";
    }

    @Override
    String remedy() {
        return "reset the counters of the port with perfquery -R, as root";
    }
}
