package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.api.Communicator;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.FileTree;
import org.mlhpc.roofline.counters.ProcessStorage;
import org.mlhpc.staging.Staged;
import org.mlhpc.staging.Staging;
import org.mlhpc.staging.StagingRequest;
import org.mlhpc.staging.StagingSummary;
import org.mlhpc.staging.plan.Plan;
import org.mlhpc.staging.plan.Prediction;
import org.mlhpc.staging.plan.Strategy;

/** The data of a run where it reads them, with an account of how they came there. Closing frees memory they took. */
final class StagedData implements AutoCloseable {
    private final Communicator world;
    private final Path source;
    private final Staging staging;
    private final Staged staged;
    private final StagingSummary summary;
    private final Optional<Double> deviceBytes;

    private StagedData(
            Communicator world,
            Path source,
            Staging staging,
            Staged staged,
            StagingSummary summary,
            Optional<Double> deviceBytes) {
        this.world = world;
        this.source = source;
        this.staging = staging;
        this.staged = staged;
        this.summary = summary;
        this.deviceBytes = deviceBytes;
    }

    /** Plans and stages. Collective. */
    static StagedData stage(
            Path source, StagingRequest request, Communicator world, Console console, ProcessStorage storage)
            throws IOException {
        OptionalLong before = storage.readBytes();
        var staging = new Staging(source, request, world);
        try {
            return stage(source, staging, before, world, console, storage);
        } catch (IOException | RuntimeException e) {
            release(staging, e);
            throw e;
        }
    }

    /** A run that fails leaves no data in memory. */
    private static void release(Staging staging, Exception failure) {
        try (staging) {
            Optional<Path> own = staging.ownMemory();
            if (own.isPresent()) {
                FileTree.delete(own.get());
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static StagedData stage(
            Path source,
            Staging staging,
            OptionalLong before,
            Communicator world,
            Console console,
            ProcessStorage storage)
            throws IOException {
        Plan plan = staging.plan();
        if (plan.strategy() != Strategy.IN_PLACE) {
            plan.lines().forEach(console::say);
        }
        Staged staged = staging.stage(plan, console.progress("staging"));
        Optional<Double> deviceBytes = DeviceReads.total(world, before, storage.readBytes(), source);
        StagingSummary summary = StagingSummary.of(world, staged);
        summary.foreignWarning().ifPresent(warning -> console.say("warning: %s", warning));
        return new StagedData(world, source, staging, staged, summary, deviceBytes);
    }

    Path directory() {
        return staged.directory();
    }

    boolean isNodeShard() {
        return staged.plan().strategy() == Strategy.SHARD;
    }

    /** What a reader of the score must know. */
    List<String> notes() {
        var notes = new ArrayList<String>();
        if (summary.keptBytes() > 0) {
            notes.add("staging found " + summary.keptBytes() + " bytes at the destinations from an earlier one");
        }
        summary.foreignWarning().ifPresent(notes::add);
        if (isNodeShard()) {
            notes.add("each node trained on a part of the data of its own");
        }
        if (deviceBytes.isPresent() && DeviceReads.isCached(deviceBytes.get(), summary.sharedBytes())) {
            notes.add(DeviceReads.note("staging", deviceBytes.get(), summary.sharedBytes()));
        }
        return notes;
    }

    RunRecord.Staging record() {
        return new RunRecord.Staging(
                staged.plan().strategy().label(),
                staged.plan().reason(),
                source.toString(),
                staged.directory().toString(),
                summary.sharedBytes(),
                summary.peerBytes(),
                summary.keptBytes(),
                deviceBytes,
                summary.seconds(),
                staged.plan().prediction().seconds().map(Prediction.Seconds::staging),
                summary.slowestFile(),
                summary.slowestFileSeconds(),
                summary.ranks().stream()
                        .map(row -> new RunRecord.StagingRank(
                                row.rank(), row.node(), row.sharedBytes() + row.peerBytes(), row.seconds()))
                        .toList());
    }

    /**
     * Removes what was made in memory for this run; after all ranks of the node have read what they need. Not collective, as
     * after a failure of one rank the others may wait elsewhere.
     */
    @Override
    public void close() throws IOException {
        try (staging) {
            if (staged.inMemory() && world.node().rank() == 0) {
                FileTree.delete(staged.directory());
            }
        }
    }
}
