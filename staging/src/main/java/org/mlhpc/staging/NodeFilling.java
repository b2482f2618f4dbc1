package org.mlhpc.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.staging.engine.CopyEngine;
import org.mlhpc.staging.engine.Destination;
import org.mlhpc.staging.engine.DestinationLock;
import org.mlhpc.staging.engine.Forwarder;
import org.mlhpc.staging.engine.Guards;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.Leftovers;
import org.mlhpc.staging.engine.Traffic;
import org.mlhpc.staging.engine.Verification;
import org.mlhpc.staging.files.Dealing;
import org.mlhpc.staging.files.Inventory;
import org.mlhpc.staging.files.NodePlace;
import org.mlhpc.staging.files.SourceFile;
import org.mlhpc.staging.files.Together;

/** The ranks of a node bring files to its folder. */
final class NodeFilling {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final Inventory inventory;
    private final List<SourceFile> files;
    private final Path folder;
    private final NodePlace place;
    private final Communicator world;
    private final StagingRequest request;
    private final IoOptions io;
    private final double growth;
    private Optional<DestinationLock> lock = Optional.empty();
    private Optional<Destination> opened = Optional.empty();

    record Result(Staged.Moved moved, long keptBytes, List<String> damaged, List<String> foreign) {}

    /**
     * Prepares nothing yet.
     *
     * @param files those of the data set that this node gets
     * @param growth bytes to expect at the destination by bytes of the source
     */
    NodeFilling(
            Inventory inventory,
            List<SourceFile> files,
            Path folder,
            NodePlace place,
            Communicator world,
            StagingRequest request,
            boolean unpack,
            double growth) {
        this.inventory = inventory;
        this.files = files;
        this.folder = folder;
        this.place = place;
        this.world = world;
        this.request = request;
        this.growth = growth;
        this.io = request.io().withUnpack(unpack).withReadBack(request.verify());
    }

    /**
     * Fills the folder. Collective.
     *
     * @param forward whether the nodes get the files from each other
     */
    Result fill(boolean forward, Progress progress) throws IOException {
        try {
            Together.on(world, "preparing " + folder, () -> place.leads() && prepare());
            Destination destination = Together.on(world, "opening " + folder, this::open);
            return fill(forward, progress, destination);
        } finally {
            close();
        }
    }

    private boolean prepare() throws IOException {
        Guards.requireSeparate(inventory.root(), folder);
        Guards.createFolders(folder, inventory);
        lock = Optional.of(DestinationLock.take(folder));
        Destination.removePartials(folder);
        return true;
    }

    private Destination open() throws IOException {
        Destination destination = Destination.open(folder, place.local().rank(), io.unpack());
        opened = Optional.of(destination);
        return destination;
    }

    /** In this order: the lock protects the folder until nothing is written any more. */
    private void close() throws IOException {
        try (var held = lock.orElse(null)) {
            if (opened.isPresent()) {
                opened.get().close();
            }
        }
    }

    private Result fill(boolean forward, Progress progress, Destination destination) throws IOException {
        List<String> damaged = request.verify()
                ? Together.on(world, "verifying " + folder, () -> removeDamaged(destination))
                : List.of();
        int adopted = Together.on(world, "looking at " + folder, () -> adopt(destination));
        boolean any = place.local().max(adopted) > 0;
        List<SourceFile> pending = Together.on(world, "looking at " + folder, () -> pending(destination, any));
        long kept = place.leads() ? bytes(files) - bytes(pending) : 0;
        long begin = System.nanoTime();
        var traffic = new Traffic(progress, expectedBytes(forward, pending));
        Together.on(world, "staging to " + folder, () -> {
            move(forward, pending, destination, traffic);
            return traffic;
        });
        double seconds = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
        List<String> foreign =
                Together.on(world, "completing " + folder, () -> place.leads() ? complete() : List.<String>of());
        Traffic.FileTime slowest = traffic.slowest();
        var moved = new Staged.Moved(
                traffic.sharedBytes(),
                traffic.peerBytes(),
                traffic.writtenBytes(),
                traffic.files(),
                seconds,
                slowest.path(),
                slowest.seconds());
        return new Result(moved, kept, damaged, foreign);
    }

    private static long bytes(List<SourceFile> some) {
        return some.stream().mapToLong(SourceFile::bytes).sum();
    }

    private long expectedBytes(boolean forward, List<SourceFile> pending) {
        return forward ? bytes(pending) : bytes(pending) / place.local().size();
    }

    /** This rank's share of what is there without a line in a journal. */
    private int adopt(Destination destination) throws IOException {
        List<SourceFile> share = Dealing.share(
                destination.pending(files), place.local().rank(), place.local().size());
        return Leftovers.adopt(inventory.root(), destination, share);
    }

    private List<SourceFile> pending(Destination destination, boolean noted) throws IOException {
        if (noted) {
            destination.readAgain();
        }
        List<SourceFile> pending = destination.pending(files);
        if (place.leads()) {
            Guards.requireRoom(folder, (long) (growth * bytes(pending)), pending.size());
            if (!pending.isEmpty()) {
                // Its presence says that everything is there.
                Files.deleteIfExists(folder.resolve(Manifest.FILE_NAME));
            }
        }
        return pending;
    }

    private void move(boolean forward, List<SourceFile> pending, Destination destination, Traffic traffic)
            throws IOException {
        Path root = inventory.root();
        if (!forward) {
            List<SourceFile> share =
                    Dealing.share(pending, place.local().rank(), place.local().size());
            new CopyEngine(root, destination, io, request.limit(), traffic).copy(share);
        } else if (place.leads()) {
            new Forwarder(root, destination, place.leaders(), io, request.limit(), traffic).forward(files, pending);
        }
    }

    /** This rank's share of what an earlier staging finished: removes what has changed since, and returns its names. */
    private List<String> removeDamaged(Destination destination) throws IOException {
        Map<String, Manifest.Entry> finished = new HashMap<>();
        for (SourceFile file :
                Dealing.share(files, place.local().rank(), place.local().size())) {
            destination.finished(file).ifPresent(entry -> finished.put(file.path(), entry));
        }
        List<String> damaged = Verification.damaged(folder, finished, io);
        for (String path : damaged) {
            Files.delete(folder.resolve(path));
        }
        return damaged;
    }

    /** Writes the manifest, which says that the copy is complete, and returns what else is in the folder. */
    private List<String> complete() throws IOException {
        Manifests.write(folder, inventory, files, place, io.unpack());
        return Leftovers.foreign(folder, files);
    }
}
