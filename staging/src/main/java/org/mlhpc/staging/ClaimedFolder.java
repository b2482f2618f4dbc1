package org.mlhpc.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.mlhpc.staging.engine.Destination;

/**
 * A folder that no other run on this node uses or removes, until this one closes it or its process ends. What an earlier run that
 * died left in it is still there.
 */
final class ClaimedFolder implements Closeable {
    /** More runs at a time than a node has memory for. */
    private static final int MOST = 1000;

    private static final Set<Path> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Path base;
    private final int number;
    private final FileChannel channel;

    private ClaimedFolder(Path base, int number, FileChannel channel) {
        this.base = base;
        this.number = number;
        this.channel = channel;
    }

    /** The first of the folders {@link #of} {@code base} that nobody has. */
    static ClaimedFolder first(Path base) throws IOException {
        for (int number = 0; number < MOST; number++) {
            Optional<ClaimedFolder> claimed = tryClaim(base, number);
            if (claimed.isPresent()) {
                return claimed.get();
            }
        }
        throw new IOException(
                base + " and " + MOST + " folders beside it are in use by other runs: remove what is left of"
                        + " them, or stage to a folder of your own");
    }

    /** Removes what runs left that died beside others: as long as fewer run, nobody would take it over. */
    void removeLeftBeside() throws IOException {
        for (int other = number + 1; Files.exists(claim(base, other)); other++) {
            Optional<ClaimedFolder> left = tryClaim(base, other);
            if (left.isPresent()) {
                try (ClaimedFolder unused = left.get()) {
                    Destination.remove(unused.folder());
                }
            }
        }
    }

    private static Path claim(Path base, int number) {
        return base.resolveSibling(of(base, number).getFileName() + ".claim");
    }

    /** {@code base} itself is number 0. */
    static Path of(Path base, int number) {
        return number == 0 ? base : base.resolveSibling(base.getFileName() + "-" + number);
    }

    int number() {
        return number;
    }

    Path folder() {
        return of(base, number);
    }

    private static Optional<ClaimedFolder> tryClaim(Path base, int number) throws IOException {
        Path claim = claim(base, number);
        // The system has one lock for a process, and closing any of its channels to the file gives it up.
        if (!OF_THIS_PROCESS.add(claim)) {
            return Optional.empty();
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(claim, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            OF_THIS_PROCESS.remove(claim);
            throw e;
        }
        var claimed = new ClaimedFolder(base, number, channel);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(claimed);
            }
        } catch (IOException e) {
            claimed.close();
            throw e;
        }
        claimed.close();
        return Optional.empty();
    }

    /** Anybody may have the folder from now on. The empty file stays: others may have opened it to lock it. */
    @Override
    public void close() throws IOException {
        channel.close();
        OF_THIS_PROCESS.remove(claim(base, number));
    }
}
