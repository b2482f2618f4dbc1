package org.mlhpc.roofline.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a PCIe link could carry, by the kernel's description of the device. */
public final class PciLink {
    private static final Pattern SPEED = Pattern.compile("([0-9.]+) GT/s.*");
    /** Up to the second generation eight bits travel as ten, later 128 as 130. */
    private static final double LAST_OF_TEN = 5;

    private static final double BITS_PER_BYTE = 8;
    private static final double GIGA = 1e9;

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
            return bytesPerSecond(
                    Files.readString(folder.resolve("max_link_speed")).strip(),
                    Files.readString(folder.resolve("current_link_width")).strip());
        } catch (IOException e) {
            return Optional.empty(); // some virtual machines and containers hide it
        }
    }

    static Optional<Double> bytesPerSecond(String speed, String width) {
        Matcher matcher = SPEED.matcher(speed);
        if (!matcher.matches() || !width.matches("[0-9]{1,2}") || width.equals("0")) {
            return Optional.empty();
        }
        double transfers = Double.parseDouble(matcher.group(1));
        double payload = transfers <= LAST_OF_TEN ? 8.0 / 10 : 128.0 / 130;
        return Optional.of(transfers * GIGA * payload * Integer.parseInt(width) / BITS_PER_BYTE);
    }
}
