package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.AllReduce;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.predict.WhatIf.Part;

class ClusterTest {
    static final double GIGA = 1e9;

    static Cluster cluster(Optional<Network> network) {
        return new Cluster(
                "test",
                4,
                4,
                new RateByThreads(new TreeMap<>(Map.of(1, 100 * GIGA, 4, 340 * GIGA))),
                new RateByThreads(new TreeMap<>(Map.of(1, 10 * GIGA, 4, 25 * GIGA))),
                2 * GIGA,
                2 * GIGA,
                Optional.of(10 * GIGA),
                network,
                Optional.of(64 * GIGA),
                Optional.of(LocalStorage.of(1000 * GIGA)));
    }

    static Cluster withProcessors(int processors) {
        Cluster usual = cluster();
        return new Cluster(
                usual.name(),
                processors,
                processors,
                usual.compute(),
                usual.memory(),
                usual.storage(),
                usual.storageWrite(),
                usual.shared(),
                usual.network(),
                usual.memoryBytes(),
                usual.local());
    }

    static Cluster cluster() {
        return cluster(Optional.of(Network.of(2e-6, 10 * GIGA)));
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
        StepDemand demand = reducing(340 * GIGA, 50 * GIGA, GIGA, 0.1 * GIGA);
        Map<Resource, Double> ideal = cluster().ideal(demand, new Layout(4, 1, 4));
        assertEquals(1, ideal.get(Resource.COMPUTE), 1e-12);
        assertEquals(2, ideal.get(Resource.MEMORY), 1e-12);
        assertEquals(0.5, ideal.get(Resource.STORAGE), 1e-12);
        // 2 log2(4) messages of 2 us, and 2 * 3/4 of 0.1 GB at 10 GB/s.
        assertEquals(8e-6 + 0.015, ideal.get(Resource.NETWORK), 1e-12);
    }

    private static StepDemand reducing(double flop, double memory, double storage, double... reduced) {
        return new StepDemand(
                flop,
                memory,
                storage,
                Arrays.stream(reduced)
                        .mapToObj(bytes -> AllReduce.ofAll(Math.round(bytes)))
                        .toList(),
                Optional.empty());
    }

    @Test
    void eachAllReduceHasItsOwnLatency() {
        Layout layout = new Layout(4, 1, 4);
        double one = cluster().ideal(reducing(1, 0, 0, 0.1 * GIGA), layout).get(Resource.NETWORK);
        double five = cluster()
                .ideal(reducing(1, 0, 0, 2e7, 2e7, 2e7, 2e7, 2e7), layout)
                .get(Resource.NETWORK);
        // Four more times 2 log2(4) messages of 2 us.
        assertEquals(one + 4 * 8e-6, five, 1e-12);
    }

    /** Half of the steps wait for a sum over all four ranks, and each for two over pairs. */
    @Test
    void allReducesOfSomeStepsAndSomeRanksCostTheirShare() {
        var demand = new StepDemand(
                1,
                0,
                0,
                List.of(new AllReduce(100_000_000, 0.5, AllReduce.ALL), new AllReduce(10_000_000, 2, 2)),
                Optional.empty());

        double seconds = cluster().ideal(demand, new Layout(4, 1, 4)).get(Resource.NETWORK);

        // Pairs: 2 log2(2) messages of 2 us, and 2 * 1/2 of 0.01 GB at 10 GB/s.
        assertEquals(0.5 * (8e-6 + 0.015) + 2 * (4e-6 + 0.001), seconds, 1e-12);
    }

    @Test
    void loadersFillIdleCoresFirst() {
        // Arithmetic of 1 s on two of four cores: 1.5 s of decoding fit beside it, 3 s do not.
        var demand = new StepDemand(180 * GIGA, 0, 0, List.of(), Optional.of(new StepDemand.Loading(1.5, 2)));
        Map<Resource, Double> beside = cluster().ideal(demand, new Layout(1, 1, 2));
        assertEquals(1, beside.get(Resource.COMPUTE), 1e-12);
        assertEquals(0.75, beside.get(Resource.LOADER), 1e-12);
        Map<Resource, Double> more =
                cluster().ideal(demand.reading(0, Optional.of(new StepDemand.Loading(3, 2))), new Layout(1, 1, 2));
        assertEquals(1 + Cluster.LOST_TO_LOADER * 0.5, more.get(Resource.COMPUTE), 1e-12);
        // With four compute threads no core is idle: a quarter of the loader's time is taken from each.
        Map<Resource, Double> full = cluster().ideal(demand, new Layout(1, 1, 4));
        assertEquals(180.0 / 340 + Cluster.LOST_TO_LOADER * 1.5 / 4, full.get(Resource.COMPUTE), 1e-12);
    }

    /** Arithmetic takes 0.1 s and memory 2 s: the idle core decodes for two seconds. */
    @Test
    void idleCoresDecodeWhileTheOthersWaitForMemory() {
        var demand = new StepDemand(34 * GIGA, 50 * GIGA, 0, List.of(), Optional.of(new StepDemand.Loading(2, 1)));
        Cluster cluster = withCores(5);
        assertEquals(0.1, cluster.ideal(demand, new Layout(1, 1, 4)).get(Resource.COMPUTE), 1e-12);
        // Of two logical processors on a core none is idle while the other computes.
        assertEquals(
                0.1 + Cluster.LOST_TO_LOADER * 2 / 4,
                withCores(4).ideal(demand, new Layout(1, 1, 4)).get(Resource.COMPUTE),
                1e-12);
    }

    /** Of eight logical processors. */
    private static Cluster withCores(int cores) {
        Cluster known = cluster();
        return new Cluster(
                known.name(),
                8,
                cores,
                known.compute(),
                known.memory(),
                known.storage(),
                known.storageWrite(),
                known.shared(),
                known.network(),
                known.memoryBytes(),
                known.local());
    }

    @Test
    void allReducesTakeTheRateOfTheirSize() {
        var network = new Network(0, new TreeMap<>(Map.of(1_000L, 1e6, 101_000L, 1e9)), Optional.empty());
        // Two ranks: a factor of one. Below and above the sizes their rate, between them linear in time.
        assertEquals(0.5e-3, network.allReduce(500, 2), 1e-12);
        assertEquals(1e-3, network.allReduce(1_000, 2), 1e-12);
        assertEquals(1.01e-4, network.allReduce(101_000, 2), 1e-12);
        assertEquals((1e-3 + 1.01e-4) / 2, network.allReduce(51_000, 2), 1e-12);
        assertEquals(1, network.allReduce(1e9, 2), 1e-12);
        assertEquals(1e9, network.bytesPerSecond(), 0);
    }

    @Test
    void measuredAllReducesComeBack() {
        var machine = SyntheticFit.machine(List.of(
                Collective.of("ping-pong", 4, 4, new double[] {3e-6}),
                Collective.of("ping-pong", 64, 4, new double[] {2e-6}),
                Collective.of("all-reduce", 64, 4, new double[] {5e-6}),
                Collective.of("all-reduce", 1 << 20, 4, new double[] {1e-3}),
                Collective.of("all-reduce", 1 << 24, 4, new double[] {1e-2})));
        Network network = MeasuredCluster.of(
                        machine, "fp32", new MeasuredCluster.Further(Optional.empty(), Optional.empty()))
                .network()
                .orElseThrow();
        assertEquals(2e-6, network.latency(), 0);
        assertEquals(1e-3, network.allReduce(1 << 20, 4), 1e-12);
        assertEquals(1e-2, network.allReduce(1 << 24, 4), 1e-12);
        // Faster than its latency alone: nothing is left for the bytes.
        assertEquals(8e-6, network.allReduce(64, 4), 1e-12);
        // Eight ranks: two messages more, and 7/8 instead of 3/4 of the vector.
        assertEquals(12e-6 + (1e-3 - 8e-6) * 7 / 6, network.allReduce(1 << 20, 8), 1e-12);
    }

    @Test
    void farMemoryIsSlowerByBandwidthOrLatency() {
        RateByThreads near = cluster().memory();
        Map<Part, Double> share = Map.of(Part.FAR_SHARE, 0.5);
        assertEquals(25 * GIGA, memory(share).at(4), 1);
        // Half of the bytes at 25 GB/s, half at a fifth of it.
        Map<Part, Double> narrow = Map.of(Part.FAR_SHARE, 0.5, Part.FAR_MEMORY, 0.2);
        assertEquals(1 / (0.5 / 25 + 0.5 / 5) * GIGA, memory(narrow).at(4), 1);
        // One thread cannot use the bandwidth of all: 10 GB/s are more than the 5 GB/s of far memory.
        assertEquals(1 / (0.5 / 10 + 0.5 / 5) * GIGA, memory(narrow).at(1), 1);
        Map<Part, Double> distant = Map.of(Part.FAR_SHARE, 0.5, Part.FAR_LATENCY, 4.0);
        assertEquals(1 / (0.5 / 10 + 0.5 / 2.5) * GIGA, memory(distant).at(1), 1);
        assertEquals(10 * GIGA, near.at(1), 1);
        assertEquals(
                "test with far-share 0.5000, far-memory x 0.2000",
                new WhatIf(narrow).applyTo(cluster()).name());
        // Nothing goes there, however slow it is.
        Map<Part, Double> unused = Map.of(Part.FAR_SHARE, 0.0, Part.FAR_MEMORY, 0.2, Part.FAR_LATENCY, 4.0);
        assertEquals(25 * GIGA, memory(unused).at(4), 1);
        assertEquals(10 * GIGA, memory(unused).at(1), 1);
        for (double wrong : new double[] {-0.1, 1.5, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new WhatIf(Map.of(Part.FAR_SHARE, wrong)));
        }
        var thrown = assertThrows(IllegalArgumentException.class, () -> new WhatIf(Map.of(Part.FAR_MEMORY, 0.5)));
        assertTrue(thrown.getMessage().contains("far-share"), thrown.getMessage());
    }

    private static RateByThreads memory(Map<Part, Double> factors) {
        return new WhatIf(factors).applyTo(cluster()).memory();
    }

    @Test
    void oneRankNeedsNoNetwork() {
        StepDemand demand = reducing(1, 1, 0, 1);
        assertEquals(
                Set.of(Resource.COMPUTE, Resource.MEMORY),
                cluster(Optional.empty()).ideal(demand, new Layout(1, 1, 1)).keySet());
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> cluster(Optional.empty()).ideal(demand, new Layout(2, 1, 1)));
        assertTrue(thrown.getMessage().contains("roofline measure --ranks"), thrown.getMessage());
    }

    @Test
    void roundsOfAnAllReduceGrowWithTheLogarithm() {
        Network network = Network.of(1, 1);
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
        assertEquals(32 * GIGA, changed.memoryBytes().orElseThrow(), 1);
        // All nodes together read what was given, or as much as one.
        Cluster faster = new WhatIf(Map.of(Part.STORAGE, 2.0)).applyTo(cluster());
        assertEquals(4 * GIGA, faster.storage(), 1);
        assertEquals(10 * GIGA, faster.sharedRate(), 1);
        Cluster alone = DataPlanTest.sharing(Optional.empty());
        assertEquals(
                4 * GIGA, new WhatIf(Map.of(Part.STORAGE, 2.0)).applyTo(alone).sharedRate(), 1);
        assertEquals(
                12 * GIGA,
                new WhatIf(Map.of(Part.STORAGE, 2.0, Part.SHARED, 3.0))
                        .applyTo(alone)
                        .sharedRate(),
                1);
        assertEquals("test with network x 2.000, memory-capacity x 0.5000", changed.name());
        assertThrows(IllegalArgumentException.class, () -> new WhatIf(Map.of(Part.COMPUTE, 0.0)));
        var thrown = assertThrows(IllegalArgumentException.class, () -> Part.of("ram"));
        assertTrue(thrown.getMessage().contains("memory-capacity"), thrown.getMessage());
    }
}
