package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Bytes received and sent by the ports of InfiniBand and Omni-Path adapters, which the kernel counts in words of four bytes
 * (kernel documentation, ABI/stable/sysfs-class-infiniband). Old kernels have the counters of 64 bits in a folder of their own,
 * beside those of 32 bits, which stop at their largest value. Ports of drivers without performance management, such as those of
 * Ethernet, have no counters, or files that say so or cannot be read (drivers/infiniband/core/sysfs.c). A port that does not
 * count when counting begins is left out until it ends: its value would not be of that time alone.
 */
final class InfiniBand extends RegisterSource {
    private static final double BYTES_PER_WORD = 4;
    private static final long STUCK = 0xFFFF_FFFFL;
    private static final String RECEIVED = "port_rcv_data";
    private static final String SENT = "port_xmit_data";
    private static final String ABSENT = "N/A";

    private final KernelFiles kernel;

    /** A port of an adapter. */
    private record Port(String name, Path folder) {
        private Path file(String counter) {
            Path extended = folder.resolve("counters_ext").resolve(counter + "_64");
            return Files.exists(extended)
                    ? extended
                    : folder.resolve("counters").resolve(counter);
        }

        /** @throws AccessDeniedException if users may not know */
        boolean counts() throws AccessDeniedException {
            Path file = file(RECEIVED);
            try {
                return Files.exists(file) && !Files.readString(file).startsWith(ABSENT);
            } catch (AccessDeniedException e) {
                throw e;
            } catch (IOException e) {
                // Of a driver that asks the adapter for each value and gets no answer (ENOSYS, EINVAL).
                return false;
            }
        }

        Register register(String direction, String counter) throws IOException {
            Path file = file(counter);
            long value = KernelFiles.number(file);
            if (value == STUCK && !file.startsWith(folder.resolve("counters_ext"))) {
                throw new StuckException(file);
            }
            return Register.ofWords(name + " " + direction, value);
        }
    }

    private static final class StuckException extends IOException {
        private static final long serialVersionUID = 1;

        StuckException(Path file) {
            super(file + " has 32 bits and has stopped at its largest value");
        }
    }

    InfiniBand(KernelFiles kernel) {
        super("InfiniBand and Omni-Path ports (/sys/class/infiniband)", Quantity.NETWORK, Scope.NODE, BYTES_PER_WORD);
        this.kernel = kernel;
    }

    private List<Port> ports() throws IOException {
        var ports = new ArrayList<Port>();
        for (Path adapter : kernel.folders("sys/class/infiniband", "*")) {
            String name = KernelFiles.name(adapter);
            for (Path port : kernel.folders("sys/class/infiniband/" + name + "/ports", "*")) {
                ports.add(new Port(name + "/" + KernelFiles.name(port), port));
            }
        }
        return ports;
    }

    @Override
    List<Register> registers() throws IOException {
        return registers(Set.of());
    }

    @Override
    RegisterCounting.Reader reader() throws IOException {
        Set<String> silent = Set.copyOf(silentPorts());
        return () -> registers(silent);
    }

    /** Of all ports that count but those named. */
    private List<Register> registers(Set<String> without) throws IOException {
        var registers = new ArrayList<Register>();
        for (Port port : ports()) {
            if (!without.contains(port.name()) && port.counts()) {
                registers.add(port.register("received", RECEIVED));
                registers.add(port.register("sent", SENT));
            }
        }
        return registers;
    }

    @Override
    String silent() throws IOException {
        return String.join(", ", silentPorts());
    }

    private List<String> silentPorts() throws IOException {
        var silent = new ArrayList<String>();
        for (Port port : ports()) {
            if (!port.counts()) {
                silent.add(port.name());
            }
        }
        return silent;
    }

    @Override
    String lacking() {
        return "no such adapter";
    }

    @Override
    String supply() {
        return "load the driver of the adapter, if there is one, such as mlx5_ib or hfi1; a container must see /sys/class/infiniband";
    }

    @Override
    String remedy(IOException failure) {
        return failure instanceof StuckException
                ? "reset the counters of the port with perfquery -R, as root"
                : "let users, and this container, read /sys/class/infiniband";
    }
}
