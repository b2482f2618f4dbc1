package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.predict.Cluster.Network;
import org.mlhpc.roofline.predict.WhatIf.Part;

class ClusterTest {
    static final double GIGA = 1e9;

    static Cluster cluster(Optional<Network> network) {
        return new Cluster(
                "test",
                new RateByThreads(new TreeMap<>(Map.of(1, 100 * GIGA, 4, 340 * GIGA))),
                new RateByThreads(new TreeMap<>(Map.of(1, 10 * GIGA, 4, 25 * GIGA))),
                2 * GIGA,
                2 * GIGA,
                10 * GIGA,
                network,
                64 * GIGA,
                Optional.of(1000 * GIGA));
    }

    static Cluster cluster() {
        return cluster(Optional.of(new Network(2e-6, 10 * GIGA)));
    }

    @Test
    void interpolatesBetweenThreads() {
        RateByThreads rate = cluster().compute();
        assertEquals(100 * GIGA, rate.at(1), 1);
        assertEquals(180 * GIGA, rate.at(2), 1);
        assertEquals(340 * GIGA, rate.at(64), 1);
        assertEquals(50 * GIGA, new RateByThreads(new TreeMap<>(Map.of(2, 100 * GIGA))).at(1), 1);
    }

    @Test
    void idealTimesAreWorkByCeiling() {
        var demand = new StepDemand(340 * GIGA, 50 * GIGA, GIGA, 0.1 * GIGA);
        Map<Resource, Double> ideal = cluster().ideal(demand, new Layout(4, 1, 4));
        assertEquals(1, ideal.get(Resource.COMPUTE), 1e-12);
        assertEquals(2, ideal.get(Resource.MEMORY), 1e-12);
        assertEquals(0.5, ideal.get(Resource.STORAGE), 1e-12);
        // 2 log2(4) messages of 2 us, and 2 * 3/4 of 0.1 GB at 10 GB/s.
        assertEquals(8e-6 + 0.015, ideal.get(Resource.NETWORK), 1e-12);
    }

    @Test
    void oneRankNeedsNoNetwork() {
        var demand = new StepDemand(1, 1, 0, 1);
        assertEquals(
                Set.of(Resource.COMPUTE, Resource.MEMORY),
                cluster(Optional.empty()).ideal(demand, new Layout(1, 1, 1)).keySet());
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> cluster(Optional.empty()).ideal(demand, new Layout(2, 1, 1)));
        assertTrue(thrown.getMessage().contains("roofline measure --ranks"), thrown.getMessage());
    }

    @Test
    void roundsOfAnAllReduceGrowWithTheLogarithm() {
        var network = new Network(1, 1);
        assertEquals(2, network.allReduce(0, 2), 0);
        assertEquals(4, network.allReduce(0, 3), 0);
        assertEquals(20, network.allReduce(0, 1024), 0);
        assertEquals(22, network.allReduce(0, 1025), 0);
    }

    @Test
    void changesByFactors() {
        Cluster changed = new WhatIf(Map.of(Part.NETWORK, 2.0, Part.MEMORY_CAPACITY, 0.5)).applyTo(cluster());
        assertEquals(20 * GIGA, changed.network().orElseThrow().bytesPerSecond(), 1);
        assertEquals(2e-6, changed.network().orElseThrow().latency(), 0);
        assertEquals(32 * GIGA, changed.memoryBytes(), 1);
        assertEquals("test with network x 2.000, memory-capacity x 0.5000", changed.name());
        assertThrows(IllegalArgumentException.class, () -> new WhatIf(Map.of(Part.COMPUTE, 0.0)));
        var thrown = assertThrows(IllegalArgumentException.class, () -> Part.of("ram"));
        assertTrue(thrown.getMessage().contains("memory-capacity"), thrown.getMessage());
    }
}
