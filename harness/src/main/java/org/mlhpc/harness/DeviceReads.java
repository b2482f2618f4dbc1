package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.mlhpc.api.Communicator;

/** How much of what was read came from devices, and not from the page cache. */
final class DeviceReads {
    /** The kernel counts reads of these; of network file systems it may not count any, which is no sign of a cache. */
    private static final Set<String> COUNTED =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "overlay", "tmpfs", "ramfs");
    /** Metadata, and pages that a neighbour's request brought, stay below this. */
    private static final double TOLERANCE = 0.1;

    private static final double PERCENT = 100;

    private DeviceReads() {}

    /** Bytes between two readings over all ranks; empty if one of them could not count. Collective. */
    static Optional<Double> total(Communicator world, OptionalLong before, OptionalLong after, Path data) {
        boolean counted = before.isPresent() && after.isPresent() && isCounted(data);
        boolean everywhere = world.max(counted ? 0 : 1) == 0;
        double[] sum = {counted ? (double) (after.getAsLong() - before.getAsLong()) : 0};
        world.sum(sum);
        return everywhere ? Optional.of(sum[0]) : Optional.empty();
    }

    /** A rank that failed here would leave the others waiting; not to know is no reason to. */
    private static boolean isCounted(Path data) {
        try {
            return COUNTED.contains(Files.getFileStore(data).type());
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a good part of {@code bytes} came from the page cache. */
    static boolean isCached(double deviceBytes, long bytes) {
        return deviceBytes < (1 - TOLERANCE) * bytes;
    }

    static String note(String what, double deviceBytes, long bytes) {
        return String.format(
                Locale.ROOT,
                "cached: devices delivered %.0f %% of the bytes that %s read, the page cache the others",
                Math.min(PERCENT, PERCENT * deviceBytes / bytes),
                what);
    }
}
