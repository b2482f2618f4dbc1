package org.mlhpc.staging;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;
import org.mlhpc.staging.plan.Strategy;

/**
 * What the user wants.
 *
 * @param strategy the one to use; empty to choose among {@code candidates}
 * @param candidates never empty; the first is taken if none of them is possible
 * @param destination folder on each node, in which {@code {node}} stands for the node's number; empty for none
 * @param unpacking whether GZIP files are decompressed
 * @param verify whether everything at the destination is read again and compared, also what was staged before
 * @param epochs how often the run reads the data
 * @param shards whether the workload can read a part of the data on each node
 * @param threads threads of this rank
 */
public record StagingRequest(
        Optional<Strategy> strategy,
        List<Strategy> candidates,
        Optional<Path> destination,
        Unpacking unpacking,
        boolean verify,
        double epochs,
        boolean shards,
        int threads,
        IoOptions io,
        SourceLimit limit) {
    private static final String AUTO = "auto";
    private static final String NODE = "{node}";

    public StagingRequest {
        candidates = List.copyOf(candidates);
    }

    /**
     * As the command line says it.
     *
     * @param strategy name of a strategy, {@code auto} for the best of all, empty for the best way to fill the destination
     *     or, without one, in place
     */
    public static StagingRequest of(Optional<String> strategy, Optional<Path> destination) {
        Optional<Strategy> asked = strategy.filter(name -> !name.equals(AUTO)).map(Strategy::of);
        List<Strategy> candidates;
        if (strategy.isPresent()) {
            candidates = List.of(Strategy.values());
        } else if (destination.isPresent()) {
            candidates = List.of(Strategy.COPY, Strategy.FORWARD, Strategy.SHARD);
        } else {
            candidates = List.of(Strategy.IN_PLACE);
        }
        return new StagingRequest(
                asked,
                candidates,
                destination,
                Unpacking.NO,
                false,
                1,
                false,
                1,
                IoOptions.defaults(),
                SourceLimit.none());
    }

    /** Reads the data where they are. */
    public static StagingRequest inPlace() {
        return of(Optional.empty(), Optional.empty());
    }

    /** With a workload that reads the data so many times. */
    public StagingRequest forRun(double times, boolean canReadShards, int threadsOfRank) {
        return new StagingRequest(
                strategy, candidates, destination, unpacking, verify, times, canReadShards, threadsOfRank, io, limit);
    }

    public StagingRequest with(Unpacking unpack, boolean verifyAll) {
        return new StagingRequest(
                strategy, candidates, destination, unpack, verifyAll, epochs, shards, threads, io, limit);
    }

    public StagingRequest with(IoOptions options, SourceLimit sourceLimit) {
        return new StagingRequest(
                strategy, candidates, destination, unpacking, verify, epochs, shards, threads, options, sourceLimit);
    }

    /** The destination of a node. */
    Optional<Path> destinationOf(int node) {
        return destination.map(path -> Path.of(path.toString().replace(NODE, Integer.toString(node)))
                .toAbsolutePath()
                .normalize());
    }

    /** Whether the plan may be to keep the data in memory. */
    boolean mayChooseMemory() {
        return strategy.map(Strategy.MEMORY::equals).orElse(candidates.contains(Strategy.MEMORY));
    }

    /** Whether nothing but reading in place comes into question. */
    boolean isInPlaceOnly() {
        return strategy.map(Strategy.IN_PLACE::equals).orElse(candidates.equals(List.of(Strategy.IN_PLACE)));
    }
}
