package org.mlhpc.roofline.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mlhpc.roofline.PciExpress;

/** What a PCIe link could carry, by the kernel's description of the device. */
public final class PciLink {
    private PciLink() {}

    /**
     * Bytes per second in one direction, headers of packets included; empty if the kernel does not tell.
     *
     * <p>The speed is the highest of the device, since an idle link slows down; the width is the present one, which the slot may limit.
     *
     * @param devices the folder {@code /sys/bus/pci/devices}
     */
    public static Optional<Double> bytesPerSecond(Path devices, GpuDevice device) {
        Path folder = devices.resolve(device.pciAddress());
        try {
            return PciExpress.bytesPerSecond(
                    Files.readString(folder.resolve("max_link_speed")).strip(),
                    Files.readString(folder.resolve("current_link_width")).strip());
        } catch (IOException e) {
            return Optional.empty(); // some virtual machines and containers hide it
        }
    }
}
