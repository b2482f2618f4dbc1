package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes received and sent by the network interfaces of this node, from {@code /proc/net/dev}. Only interfaces with hardware
 * behind them count, as bridges and bonds pass their traffic on to these. What a library sends past the kernel, over InfiniBand
 * or Slingshot, is not in it.
 */
final class NetworkInterfaces extends RegisterSource {
    private static final String FILE = "proc/net/dev";
    private static final int RECEIVED = 0;
    private static final int SENT = 8;

    private final KernelFiles kernel;

    NetworkInterfaces(KernelFiles kernel) {
        super("network interfaces (/proc/net/dev)", Quantity.NETWORK, Scope.NODE, 1);
        this.kernel = kernel;
    }

    @Override
    List<Register> registers() throws IOException {
        var registers = new ArrayList<Register>();
        for (String line : kernel.lines(FILE)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String name = line.substring(0, colon).strip();
            String[] fields = line.substring(colon + 1).strip().split("\\s+", -1);
            if (fields.length > SENT && Files.exists(kernel.path("sys/class/net/" + name + "/device"))) {
                registers.add(register(name + " received", fields[RECEIVED]));
                registers.add(register(name + " sent", fields[SENT]));
            }
        }
        return registers;
    }

    private Register register(String key, String text) throws IOException {
        return Register.ofWords(key, KernelFiles.number(kernel.path(FILE), text));
    }

    @Override
    String lacking() {
        return "no interface with hardware behind it, as in a container with a network of its own";
    }

    @Override
    String supply() {
        return "start the container in the network of the host, as docker run --network host";
    }

    @Override
    String remedy(IOException failure) {
        return "make /proc/net/dev readable in this container";
    }
}
