package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
    /** PCI Express 1 and 2 send 10 bits for 8, later ones 130 for 128. */
    private static final double LAST_OF_TEN_BITS = 5;

    private static final Pattern NUMBER = Pattern.compile("^([0-9]+(?:\\.[0-9]+)?)");
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
                Path point = Path.of(fields[MOUNT_POINT].replace("\\040", " "));
                // Of several on one point, the last hides the others.
                if (path.startsWith(point) && point.getNameCount() >= longest) {
                    longest = point.getNameCount();
                    device = fields[MOUNT_DEVICE];
                }
            }
        }
        return device;
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

    private static Optional<Double> linkOf(Path device) throws IOException {
        Optional<Double> gigatransfers = number(device.resolve("current_link_speed"));
        Optional<Double> lanes = number(device.resolve("current_link_width"));
        return gigatransfers.filter(speed -> speed > 0).flatMap(speed -> lanes.filter(width -> width > 0)
                .map(width -> speed * GIGA * coding(speed) * width / BITS_PER_BYTE));
    }

    private static double coding(double gigatransfers) {
        return gigatransfers <= LAST_OF_TEN_BITS ? 8.0 / 10 : 128.0 / 130;
    }

    /** The fastest port of this node that is up. */
    Optional<Double> network() {
        try {
            var rates = new ArrayList<Double>();
            for (Path adapter : children("sys/class/infiniband")) {
                for (Path port : children(adapter.resolve("ports"))) {
                    if (text(port.resolve("state")).contains("ACTIVE")) {
                        number(port.resolve("rate")).ifPresent(gigabits -> rates.add(gigabits * GIGA / BITS_PER_BYTE));
                    }
                }
            }
            for (Path face : children("sys/class/net")) {
                if (Files.exists(face.resolve("device"))
                        && text(face.resolve("operstate")).equals("up")) {
                    number(face.resolve("speed")).ifPresent(megabits -> rates.add(megabits * MEGA / BITS_PER_BYTE));
                }
            }
            return rates.stream().max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty();
        }
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

    /** {@code 8.0 GB/s}, for conditions. */
    static String inWords(double bytesPerSecond) {
        return String.format(Locale.ROOT, "%.1f GB/s", bytesPerSecond / GIGA);
    }
}
