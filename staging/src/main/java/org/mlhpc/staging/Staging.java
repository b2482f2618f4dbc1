package org.mlhpc.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Progress;
import org.mlhpc.staging.engine.Leftovers;
import org.mlhpc.staging.files.Dealing;
import org.mlhpc.staging.files.Inventory;
import org.mlhpc.staging.files.NodePlace;
import org.mlhpc.staging.files.SourceFile;
import org.mlhpc.staging.files.Together;
import org.mlhpc.staging.plan.Facts;
import org.mlhpc.staging.plan.Packing;
import org.mlhpc.staging.plan.Plan;
import org.mlhpc.staging.plan.Planner;
import org.mlhpc.staging.plan.Probe;
import org.mlhpc.staging.plan.Rates;
import org.mlhpc.staging.plan.Strategy;

/**
 * Brings a data set to where the run reads it: lists it, plans, stages. All methods but {@link #close} are collective. A folder
 * in memory that it made is this run's alone until it is closed.
 */
public final class Staging implements Closeable {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final StagingRequest request;
    private final Communicator world;
    private final NodePlace place;
    private final Inventory inventory;
    private final MemoryPlace memory;

    /** @throws IOException on every rank, if the data set cannot be listed */
    public Staging(Path source, StagingRequest request, Communicator world) throws IOException {
        this.request = request;
        this.world = world;
        this.place = NodePlace.of(world);
        this.inventory = request.isInPlaceOnly() ? unlisted(source, world) : Inventory.shared(source, world);
        Optional<Path> named = request.destinationOf(place.node());
        Optional<Path> folder =
                Together.on(world, "looking for memory", () -> NodeMemory.folderFor(inventory.root(), named));
        this.memory = new MemoryPlace(world, place, folder, folder.isPresent() && folder.equals(named));
    }

    /** In place nothing is known, nor asked, of the files. */
    private static Inventory unlisted(Path source, Communicator world) throws IOException {
        return Together.on(world, "looking for " + source, () -> {
            if (!Files.isDirectory(source)) {
                throw new IOException(
                        source + " is not a directory: point --data at a data set that every node can read");
            }
            return new Inventory(source, List.of(), List.of(), "");
        });
    }

    /**
     * Measures, predicts and chooses.
     *
     * @throws IOException on every rank, if source or destination cannot be read or written
     */
    public Plan plan() throws IOException {
        if (request.isInPlaceOnly()) {
            return Planner.plan(facts(Optional.empty(), Packing.none()), request.strategy());
        }
        if (request.mayChooseMemory()) {
            // Before it is known how much room there is: what lies in it needs none.
            memory.claim(request.strategy().isPresent());
        }
        var probe = new Probe(inventory, request.limit());
        Path folder = existing(request.destinationOf(place.node())
                .or(memory::folder)
                .orElse(Path.of(System.getProperty("java.io.tmpdir"))));
        Optional<Rates> rates = inventory.bytes() == 0 ? Optional.empty() : probe.rates(place, world, folder);
        Packing packing = Together.on(
                world, "looking into the files", () -> world.rank() == 0 ? probe.packing() : Packing.none());
        return Planner.plan(facts(rates, ofRankZero(packing)), request.strategy());
    }

    /** What all ranks decide by must be the same on all. */
    private Packing ofRankZero(Packing packing) {
        return new Packing(
                world.max(packing.share()), world.max(packing.growth()), world.max(packing.bytesPerSecond()));
    }

    private static Path existing(Path path) {
        Path there = path;
        for (Path parent = path; parent != null && !Files.isDirectory(there); parent = parent.getParent()) {
            there = parent;
        }
        return there;
    }

    private Facts facts(Optional<Rates> rates, Packing packing) throws IOException {
        long free = Long.MAX_VALUE;
        Optional<Path> destination = request.destinationOf(place.node());
        if (destination.isPresent()) {
            Path folder = existing(destination.get());
            free = Together.on(
                    world,
                    "looking at " + folder,
                    () -> place.leads() ? room(folder, destination.get()) : Long.MAX_VALUE);
        }
        OptionalLong inMemory = Together.on(world, "looking at the memory", this::roomInMemory);
        long least = -(long) world.max(-(double) inMemory.orElse(-1));
        long leastFree = -(long) world.max(-(double) free);
        return new Facts(
                inventory.files().size(),
                inventory.bytes(),
                place.nodes(),
                request.epochs(),
                destination.isPresent() ? OptionalLong.of(leastFree) : OptionalLong.empty(),
                least < 0 ? OptionalLong.empty() : OptionalLong.of(least),
                request.shards(),
                rates,
                packing,
                request.candidates());
    }

    /** Free bytes, and those that the data set takes already. */
    private long room(Path existing, Path destination) throws IOException {
        return Files.getFileStore(existing).getUsableSpace() + Leftovers.bytes(destination, inventory.files());
    }

    private OptionalLong roomInMemory() throws IOException {
        Optional<Path> folder = memory.folder();
        OptionalLong budget = folder.isPresent() ? NodeMemory.budget() : OptionalLong.empty();
        return budget.isPresent()
                ? OptionalLong.of(budget.getAsLong() + Leftovers.bytes(folder.orElseThrow(), inventory.files()))
                : budget;
    }

    /**
     * Stages as planned.
     *
     * @throws IllegalArgumentException if the strategy asked for is not possible
     * @throws IOException on every rank, if one of them failed; on that one the message names the file
     */
    public Staged stage(Plan plan, Progress progress) throws IOException {
        long begin = System.nanoTime();
        plan.requirePossible();
        boolean inMemory = plan.strategy() == Strategy.MEMORY;
        if (inMemory) {
            memory.begin();
        } else {
            memory.close();
        }
        if (plan.strategy() == Strategy.IN_PLACE) {
            return new Staged(
                    inventory.root(), plan, false, seconds(begin), Staged.Moved.nothing(), 0, List.of(), List.of());
        }
        Path folder = inMemory
                ? memory.folder().orElseThrow()
                : request.destinationOf(place.node())
                        .orElseThrow(() -> new IllegalArgumentException("staging needs a folder: --stage-to DIR"));
        boolean unpack = unpacks(plan);
        double growth = unpack ? Math.max(1, plan.facts().packing().growth()) : 1;
        var filling = new NodeFilling(inventory, files(plan.strategy()), folder, place, world, request, unpack, growth);
        NodeFilling.Result result = filling.fill(forwards(plan.strategy()), progress);
        return new Staged(
                folder,
                plan,
                inMemory,
                seconds(begin),
                result.moved(),
                result.keptBytes(),
                result.damaged(),
                result.foreign());
    }

    /** The folder in memory that this rank has begun to fill for its node and that no other run uses; empty for others. */
    public Optional<Path> ownMemory() {
        return memory.own();
    }

    /** Lets others have the folder in memory; before, whoever made it removes what is in it. */
    @Override
    public void close() throws IOException {
        memory.close();
    }

    private boolean unpacks(Plan plan) {
        int threadsPerNode = request.threads() * Math.max(1, place.worldSize() / place.nodes());
        return switch (request.unpacking()) {
            case NO -> false;
            case YES -> true;
            case AUTO -> plan.gainsByUnpacking(threadsPerNode);
        };
    }

    private boolean forwards(Strategy strategy) {
        return place.nodes() > 1 && (strategy == Strategy.FORWARD || strategy == Strategy.MEMORY);
    }

    private List<SourceFile> files(Strategy strategy) {
        return strategy == Strategy.SHARD
                ? Dealing.shard(inventory.files(), place)
                : new ArrayList<>(inventory.files());
    }

    private static double seconds(long beginNanos) {
        return (System.nanoTime() - beginNanos) * SECONDS_PER_NANOSECOND;
    }
}
