package org.mlhpc.roofline;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rates of PCI Express links as the kernel describes them. */
public final class PciExpress {
    private static final Pattern SPEED = Pattern.compile("([0-9.]+) GT/s.*");
    /** In GT/s. Up to the second generation eight bits travel as ten, from the third on 128 as 130 (PCI Express Base Specification). */
    private static final double LAST_OF_TEN = 5;

    private static final double BITS_PER_BYTE = 8;
    private static final double GIGA = 1e9;

    private PciExpress() {}

    /**
     * Bytes per second in one direction, headers of packets included; empty if the kernel does not tell.
     *
     * @param speed such as {@code 16.0 GT/s PCIe}
     * @param width number of lanes
     */
    public static Optional<Double> bytesPerSecond(String speed, String width) {
        Matcher matcher = SPEED.matcher(speed);
        if (!matcher.matches() || !width.matches("[0-9]{1,2}") || width.equals("0")) {
            return Optional.empty();
        }
        double transfers = Double.parseDouble(matcher.group(1));
        double payload = transfers <= LAST_OF_TEN ? 8.0 / 10 : 128.0 / 130;
        return Optional.of(transfers * GIGA * payload * Integer.parseInt(width) / BITS_PER_BYTE);
    }
}
