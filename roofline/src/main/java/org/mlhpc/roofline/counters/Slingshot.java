package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes in good frames received and sent by Slingshot adapters, from the telemetry of their driver, which writes each value with
 * its time as {@code value@seconds.nanoseconds}.
 */
final class Slingshot extends RegisterSource {
    private final KernelFiles kernel;

    Slingshot(KernelFiles kernel) {
        super("Slingshot adapters (/sys/class/cxi)", Quantity.NETWORK, Scope.NODE, 1);
        this.kernel = kernel;
    }

    @Override
    List<Register> registers() throws IOException {
        var registers = new ArrayList<Register>();
        for (Path adapter : kernel.folders("sys/class/cxi", "cxi*")) {
            Path telemetry = adapter.resolve("device/telemetry");
            registers.add(register(KernelFiles.name(adapter) + " received", telemetry.resolve("hni_sts_rx_ok_octets")));
            registers.add(register(KernelFiles.name(adapter) + " sent", telemetry.resolve("hni_sts_tx_ok_octets")));
        }
        return registers;
    }

    private static Register register(String key, Path file) throws IOException {
        String value = Files.readString(file).strip().replaceFirst("@.*", "");
        return Register.ofWords(key, KernelFiles.number(file, value));
    }

    @Override
    String lacking() {
        return "no such adapter";
    }

    @Override
    String supply() {
        return "load the driver of the adapter, cxi_ss1, if there is one; a container must see /sys/class/cxi";
    }

    @Override
    String remedy(IOException failure) {
        return "ask the administrators to let users read the telemetry of the cxi driver";
    }
}
