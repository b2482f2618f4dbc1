package org.mlhpc.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.staging.files.NodePlace;
import org.mlhpc.staging.files.Together;

/**
 * Where a node keeps data in memory: a folder that the user names, whose affair it is, or one that no other run has as long as
 * this one needs it. The first rank of a node claims it for all.
 */
final class MemoryPlace implements Closeable {
    private static final int NOT_CLAIMED = -1;

    private final Communicator world;
    private final NodePlace place;
    private final boolean named;
    private Optional<Path> folder;
    private Optional<ClaimedFolder> claimed = Optional.empty();
    private boolean begun;

    /**
     * A place that nobody has yet.
     *
     * @param folder empty if the node has no such place
     * @param named whether the user named it
     */
    MemoryPlace(Communicator world, NodePlace place, Optional<Path> folder, boolean named) {
        this.world = world;
        this.place = place;
        this.folder = folder;
        this.named = named;
    }

    /** Where data go; before {@link #claim} where they would go if no other run were there. */
    Optional<Path> folder() {
        return folder;
    }

    /**
     * Takes a folder that no other run has. Collective.
     *
     * @param needed whether it is an error if there is none; otherwise the node has no such place then
     */
    void claim(boolean needed) throws IOException {
        boolean claims = folder.isPresent() && !named;
        int number = Together.on(
                world,
                "looking for a folder in memory",
                () -> claims && place.leads() ? claimFirst(folder.orElseThrow(), needed) : NOT_CLAIMED);
        int ofNode = (int) world.node().max(number);
        if (claims) {
            folder = folder.filter(base -> ofNode != NOT_CLAIMED).map(base -> ClaimedFolder.of(base, ofNode));
        }
    }

    private int claimFirst(Path base, boolean needed) throws IOException {
        try {
            ClaimedFolder first = ClaimedFolder.first(base);
            claimed = Optional.of(first);
            return first.number();
        } catch (IOException e) {
            if (needed) {
                throw e;
            }
            return NOT_CLAIMED;
        }
    }

    /** Before it is filled: removes what runs left beside it that died. Collective. */
    void begin() throws IOException {
        Together.on(world, "making room in memory", () -> {
            if (claimed.isPresent()) {
                begun = true;
                claimed.get().removeLeftBeside();
            }
            return true;
        });
    }

    /** The folder that this rank has begun to fill for its node alone; empty on other ranks and for named ones. */
    Optional<Path> own() {
        return claimed.filter(folderOfNode -> begun).map(ClaimedFolder::folder);
    }

    /** Lets others have it. */
    @Override
    public void close() throws IOException {
        if (claimed.isPresent()) {
            claimed.get().close();
            claimed = Optional.empty();
        }
    }
}
