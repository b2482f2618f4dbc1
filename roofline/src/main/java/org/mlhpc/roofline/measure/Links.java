package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mlhpc.roofline.PciExpress;

/**
 * Rates of the links to devices, as the kernel gives them: nothing behind a link can be faster. Each is in B/s and of one
 * direction; empty if the kernel says nothing, as in most virtual machines.
 *
 * @param root {@code /}, or a copy of some of its files
 */
record Links(Path root) {
    private static final double BITS_PER_BYTE = 8;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;
    private static final Pattern NUMBER = Pattern.compile("^([0-9]+(?:\\.[0-9]+)?)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
    private static final int MOUNT_DEVICE = 2;
    private static final int MOUNT_POINT = 4;

    static Links ofThisMachine() {
        return new Links(Path.of("/"));
    }

    /** PCI Express from the device that holds the file system of {@code path}. */
    Optional<Double> storage(Path path) {
        try {
            String device = deviceOf(path.toRealPath());
            Path block = root.resolve("sys/dev/block/" + device);
            return Files.exists(block) ? pciExpress(block.toRealPath()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** {@code major:minor} of the longest mount point that {@code path} begins with. */
    private String deviceOf(Path path) throws IOException {
        String device = "";
        int longest = -1;
        for (String line : Files.readAllLines(root.resolve("proc/self/mountinfo"))) {
            String[] fields = line.split(" ", -1);
            if (fields.length > MOUNT_POINT) {
                Path point = Path.of(unescaped(fields[MOUNT_POINT]));
                // Of several on one point, the last hides the others.
                if (path.startsWith(point) && point.getNameCount() >= longest) {
                    longest = point.getNameCount();
                    device = fields[MOUNT_DEVICE];
                }
            }
        }
        return device;
    }

    /** The kernel writes blank, tab, newline and backslash as three octal digits (proc(5)). */
    private static String unescaped(String field) {
        return ESCAPE.matcher(field)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }

    /** The slowest link between this device and the processor that names its speed. */
    private Optional<Double> pciExpress(Path device) throws IOException {
        Optional<Double> slowest = Optional.empty();
        for (Path at = device; at != null && at.startsWith(root.toRealPath()); at = parent(at)) {
            Optional<Double> here = linkOf(at);
            if (slowest.isEmpty() || (here.isPresent() && here.get() < slowest.get())) {
                slowest = here;
            }
        }
        return slowest;
    }

    private static @Nullable Path parent(Path path) {
        return path.getParent();
    }

    private static Optional<Double> linkOf(Path device) {
        return PciExpress.bytesPerSecond(
                text(device.resolve("current_link_speed")), text(device.resolve("current_link_width")));
    }

    /** All InfiniBand ports of this node that are active, and all other interfaces with hardware behind them that are up. */
    Optional<Double> network() {
        try {
            Map<String, Double> adapters = adapters();
            double bits = adapters.values().stream().mapToDouble(each -> each).sum() + interfaces(adapters.keySet());
            return Optional.of(bits / BITS_PER_BYTE).filter(rate -> rate > 0);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Rates in bit/s of the InfiniBand adapters with active ports, by their names. */
    private Map<String, Double> adapters() throws IOException {
        var rates = new TreeMap<String, Double>();
        for (Path adapter : children("sys/class/infiniband")) {
            for (Path port : children(adapter.resolve("ports"))) {
                double rate = number(port.resolve("rate")).orElse(0.0) * GIGA;
                if (rate > 0 && text(port.resolve("state")).contains("ACTIVE")) {
                    rates.merge(name(adapter), rate, Double::sum);
                }
            }
        }
        return rates;
    }

    /** Rate in bit/s of the interfaces that are not ports of {@code adapters} seen once more. */
    private double interfaces(Set<String> adapters) throws IOException {
        double bits = 0;
        for (Path face : children("sys/class/net")) {
            boolean up = Files.exists(face.resolve("device"))
                    && text(face.resolve("operstate")).equals("up");
            boolean seen = children(face.resolve("device/infiniband")).stream()
                    .map(Links::name)
                    .anyMatch(adapters::contains);
            bits += up && !seen ? number(face.resolve("speed")).orElse(0.0) * MEGA : 0;
        }
        return bits;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private List<Path> children(String folder) throws IOException {
        return children(root.resolve(folder));
    }

    private static List<Path> children(Path folder) throws IOException {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(found::add);
            }
        }
        return found;
    }

    private static Optional<Double> number(Path file) {
        Matcher number = NUMBER.matcher(text(file));
        return number.find() ? Optional.of(Double.valueOf(number.group(1))) : Optional.empty();
    }

    /** Empty where the kernel refuses, as it does for the speed of an interface that is down. */
    private static String text(Path file) {
        try {
            return Files.isReadable(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }
}
