package org.mlhpc.roofline;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rates of PCI Express links as the kernel describes them. */
public final class PciExpress {
    private static final Pattern SPEED = Pattern.compile("([0-9.]+) GT/s.*");
    /** In GT/s. Up to the second generation eight bits travel as ten (PCI Express Base Specification, here and below). */
    private static final double LAST_OF_TEN = 5;
    /** In GT/s. From the third generation to the fifth 128 bits travel as 130; later, in FLITs of 256 bytes of which 14 are checks. */
    private static final double LAST_OF_130 = 32;

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
        return Optional.of(transfers * GIGA * payload(transfers) * Integer.parseInt(width) / BITS_PER_BYTE);
    }

    /** Share of the bits that is left after line code and checks of FLITs. */
    private static double payload(double transfers) {
        if (transfers <= LAST_OF_TEN) {
            return 8.0 / 10;
        }
        return transfers <= LAST_OF_130 ? 128.0 / 130 : 242.0 / 256;
    }
}
