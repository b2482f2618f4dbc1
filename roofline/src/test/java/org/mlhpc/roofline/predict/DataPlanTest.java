package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.roofline.predict.DataPlan.Place;
import org.mlhpc.roofline.predict.DataPlan.Staging;

/** Nodes with 64 GB of memory, 1,000 GB of their own at 2 GB/s; 10 GB/s shared, links of 10 GB/s. */
class DataPlanTest {
    private final Cluster cluster = ClusterTest.cluster();

    /** A terabyte. */
    private final DataSet data = new DataSet(900_000, 100_000, 1e6);

    @Test
    void shardsFitIntoMemoryOnManyNodes() {
        DataPlan few = DataPlan.of(data, cluster, 16, Staging.SHARD);
        assertEquals(Place.NODE_LOCAL, few.place());
        assertFalse(few.cached());
        assertEquals(2e9, few.bytesPerSecond(), 1);
        // 0.7 of 64 GB hold a 23rd of a terabyte.
        DataPlan many = DataPlan.of(data, cluster, 32, Staging.SHARD);
        assertEquals(Place.MEMORY, many.place());
        assertTrue(Double.isInfinite(many.bytesPerSecond()));
        assertEquals(100, many.stagingSeconds(), 1e-9);
    }

    @Test
    void fewNodesAreSlowerToFillThanTheSharedFileSystemIsToRead() {
        // 500 GB for each node at 2 GB/s.
        assertEquals(250, DataPlan.of(data, cluster, 2, Staging.SHARD).stagingSeconds(), 1e-9);
    }

    @Test
    void copiesAreLimitedByTheNodesOwnStorage() {
        DataPlan copy = DataPlan.of(data, cluster, 64, Staging.COPY);
        assertEquals(Place.NODE_LOCAL, copy.place());
        assertEquals(500, copy.stagingSeconds(), 1e-9);
    }

    @Test
    void whatFitsNowhereIsStreamed() {
        var large = new DataSet(9_000_000, 1_000_000, 1e6);
        DataPlan plan = DataPlan.of(large, cluster, 4, Staging.SHARD);
        assertEquals(Place.SHARED, plan.place());
        assertEquals(0, plan.stagingSeconds(), 0);
        // A quarter of 10 GB/s is more than the 2 GB/s that a node can read.
        assertEquals(2e9, plan.bytesPerSecond(), 1);
        assertEquals(0.1e9, DataPlan.of(large, cluster, 100, Staging.IN_PLACE).bytesPerSecond(), 1);
    }

    static Cluster sharing(Optional<Double> rate) {
        return with(rate, Optional.of(64e9));
    }

    /** Nodes that have no storage of their own. */
    private static Cluster with(Optional<Double> shared, Optional<Double> memoryBytes) {
        Cluster known = ClusterTest.cluster();
        return new Cluster(
                known.name(),
                known.processors(),
                known.cores(),
                known.compute(),
                known.memory(),
                known.storage(),
                1e9,
                shared,
                known.network(),
                memoryBytes,
                Optional.empty());
    }

    @Test
    void streamsAreLimitedByANodeOrByWhatAllShare() {
        var large = new DataSet(9_000_000, 1_000_000, 1e6);
        assertFalse(DataPlan.of(large, cluster, 4, Staging.IN_PLACE).sharedLimits());
        assertTrue(DataPlan.of(large, cluster, 6, Staging.IN_PLACE).sharedLimits());
        // Where only one node was measured, more of them share its rate.
        DataPlan many = DataPlan.of(large, sharing(Optional.empty()), 4, Staging.IN_PLACE);
        assertEquals(0.5e9, many.bytesPerSecond(), 1);
        assertTrue(many.sharedLimits());
        Cluster twice = new WhatIf(Map.of(WhatIf.Part.STORAGE, 2.0)).applyTo(sharing(Optional.empty()));
        assertEquals(1e9, DataPlan.of(large, twice, 4, Staging.IN_PLACE).bytesPerSecond(), 1);
        assertEquals(4e9, DataPlan.of(large, twice, 1, Staging.IN_PLACE).bytesPerSecond(), 1);
    }

    /** A 32nd of a terabyte, read at 2 GB/s; nothing is written. */
    @Test
    void whatIsStagedIntoMemoryAloneIsNotWritten() {
        DataPlan plan = DataPlan.of(data, sharing(Optional.of(500e9)), 32, Staging.SHARD);
        assertEquals(Place.MEMORY, plan.place());
        assertEquals(1e12 / 32 / 2e9, plan.stagingSeconds(), 1e-9);
    }

    /** 500 GB for each of two nodes, written at 4 GB/s and read at 5 GB/s; all together read 10 GB/s. */
    @Test
    void nodesOwnStorageMayHaveRatesOfItsOwn() {
        Cluster known = sharing(Optional.of(10e9));
        var local = new LocalStorage(1e12, Optional.of(5e9), Optional.of(4e9));
        Cluster fast = new Cluster(
                known.name(),
                known.processors(),
                known.cores(),
                known.compute(),
                known.memory(),
                known.storage(),
                known.storageWrite(),
                known.shared(),
                known.network(),
                known.memoryBytes(),
                Optional.of(local));
        DataPlan plan = DataPlan.of(data, fast, 2, Staging.SHARD);
        assertEquals(Place.NODE_LOCAL, plan.place());
        assertEquals(5e9, plan.bytesPerSecond(), 1);
        assertEquals(125, plan.stagingSeconds(), 1e-9);
        Cluster faster = new WhatIf(Map.of(WhatIf.Part.STORAGE, 2.0)).applyTo(fast);
        assertEquals(10e9, DataPlan.of(data, faster, 2, Staging.SHARD).bytesPerSecond(), 1);
        assertEquals(100, DataPlan.of(data, faster, 2, Staging.SHARD).stagingSeconds(), 1e-9);
    }

    /** A node's part, a 32nd of a terabyte, fits into its memory, not onto its own storage: nothing is written there. */
    @Test
    void whatLacksIsWhatStagingIsLimitedBy() {
        double unknown = Double.POSITIVE_INFINITY;
        String reads = "what a node reads";
        String writes = "what a node writes to its own storage";
        assertEquals(List.of(), lacking(storing(2e9, 1e9, unknown)));
        assertEquals(List.of(reads), lacking(storing(unknown, 1e9, 4e9)));
        assertEquals(List.of(writes), lacking(storing(2e9, 1e12, unknown)));
        assertEquals(List.of(), lacking(storing(unknown, 1e12, 4e9)));
    }

    private List<String> lacking(Cluster known) {
        DataPlan plan = DataPlan.of(data, known, 32, Staging.SHARD);
        assertEquals(Place.MEMORY, plan.place());
        return plan.lacking(known);
    }

    /** Rates of the usual storage and of nodes' own, whose capacity this is. */
    private static Cluster storing(double reads, double capacity, double writes) {
        Cluster known = sharing(Optional.of(500e9));
        return new Cluster(
                known.name(),
                known.processors(),
                known.cores(),
                known.compute(),
                known.memory(),
                reads,
                writes,
                known.shared(),
                known.network(),
                known.memoryBytes(),
                Optional.of(LocalStorage.of(capacity)));
    }

    @Test
    void memoryOfUnknownSizeHoldsNothing() {
        var small = new DataSet(9_000, 1_000, 1e6);
        DataPlan plan = DataPlan.of(small, with(Optional.empty(), Optional.empty()), 1, Staging.IN_PLACE);
        assertFalse(plan.cached());
        assertEquals(Place.SHARED, plan.place());
    }

    @Test
    void inPlaceEachNodeMeetsAllSamples() {
        DataPlan plan = DataPlan.of(data, cluster, 1000, Staging.IN_PLACE);
        assertEquals(Place.SHARED, plan.place());
        assertFalse(plan.cached());
        assertEquals(7, plan.epochsRead(7, 1000), 0);
    }

    @Test
    void inPlaceANodeHasMetAllSamplesAfterManyEpochsOnly() {
        var small = new DataSet(9_000, 1_000, 1e6);
        DataPlan plan = DataPlan.of(small, cluster, 64, Staging.IN_PLACE);
        assertTrue(plan.cached());
        assertEquals(1, plan.epochsRead(1, 64), 1e-9);
        assertEquals(1 + 63.0 / 64, plan.epochsRead(2, 64), 1e-9);
        assertEquals(64, plan.epochsRead(10_000, 64), 1e-9);
        // Staging left them there.
        assertEquals(0, DataPlan.of(small, cluster, 64, Staging.SHARD).epochsRead(50, 64), 0);
    }
}
