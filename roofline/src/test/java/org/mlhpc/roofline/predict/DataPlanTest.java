package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        assertEquals(1, DataPlan.of(small, cluster, 64, Staging.SHARD).epochsRead(50, 64), 0);
    }
}
