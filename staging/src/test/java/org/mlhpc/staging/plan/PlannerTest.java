package org.mlhpc.staging.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The expected seconds are worked out by hand from round rates. */
class PlannerTest {
    private static final long GB = 1_000_000_000L;
    /** 1 GB/s by all, 0.5 by one; destination writes 2 GB/s, reads 4 GB/s; broadcast 5 GB/s. */
    private static final Rates RATES = new Rates(0.5e9, 1e9, 2e9, 4e9, 5e9);

    private static Facts facts(int nodes, double epochs, long freeGb, long memoryGb, boolean shards) {
        return new Facts(
                1000,
                100 * GB,
                nodes,
                epochs,
                freeGb < 0 ? OptionalLong.empty() : OptionalLong.of(freeGb * GB),
                OptionalLong.of(memoryGb * GB),
                shards,
                Optional.of(RATES),
                Packing.none(),
                List.of(Strategy.values()));
    }

    private static Prediction.Seconds seconds(Facts facts, Strategy strategy) {
        return Planner.plan(facts, Optional.of(strategy)).prediction().seconds().orElseThrow();
    }

    @Test
    void predictsEachStrategy() {
        Facts facts = facts(4, 10, 500, 50, true);

        assertEquals(new Prediction.Seconds(0, 1000), seconds(facts, Strategy.IN_PLACE));
        assertEquals(new Prediction.Seconds(400, 62.5), seconds(facts, Strategy.COPY));
        assertEquals(new Prediction.Seconds(100, 62.5), seconds(facts, Strategy.FORWARD));
        assertEquals(new Prediction.Seconds(100, 62.5), seconds(facts, Strategy.SHARD));
        assertEquals(new Prediction.Seconds(100, 0), seconds(facts, Strategy.MEMORY));
    }

    @Test
    void readsInPlaceFromThePageCacheWhatItHasSeen() {
        // 1 node: the first epoch reads everything, the others nothing.
        assertEquals(
                100, seconds(facts(1, 10, 500, 200, true), Strategy.IN_PLACE).reading(), 1e-9);
        // 2 nodes, 2 epochs: each has seen 3/4 of the data.
        assertEquals(
                150, seconds(facts(2, 2, 500, 200, true), Strategy.IN_PLACE).reading(), 1e-9);
    }

    @Test
    void choosesTheLeastTimeAmongWhatIsPossible() {
        assertEquals(
                Strategy.FORWARD,
                Planner.plan(facts(4, 10, 500, 50, true), Optional.empty()).strategy());
        assertEquals(
                Strategy.MEMORY,
                Planner.plan(facts(4, 10, 500, 200, true), Optional.empty()).strategy());
        assertEquals(
                Strategy.COPY,
                Planner.plan(facts(1, 10, 500, 50, true), Optional.empty()).strategy());
        assertEquals(
                Strategy.IN_PLACE,
                Planner.plan(facts(4, 1, 500, 50, true), Optional.empty()).strategy());
        assertEquals(
                Strategy.IN_PLACE,
                Planner.plan(facts(4, 10, -1, 50, true), Optional.empty()).strategy());
    }

    @Test
    void givesPartsOnlyWhereTheWholeHasNoRoomAndTheWorkloadReadsParts() {
        Facts small = facts(4, 10, 30, 10, true);
        Facts filling = new Facts(
                small.files(),
                small.bytes(),
                4,
                10,
                small.freeBytes(),
                small.memoryBytes(),
                true,
                small.rates(),
                Packing.none(),
                List.of(Strategy.COPY, Strategy.FORWARD, Strategy.SHARD));

        assertEquals(Strategy.SHARD, Planner.plan(filling, Optional.empty()).strategy());
        Plan refused = Planner.plan(facts(4, 10, 30, 10, false), Optional.of(Strategy.SHARD));
        var e = assertThrows(IllegalArgumentException.class, refused::requirePossible);
        assertTrue(String.valueOf(e.getMessage()).contains("cannot read a part"), e.getMessage());
    }

    @Test
    void saysWhyAStrategyIsNotPossible() {
        Plan plan = Planner.plan(facts(4, 10, 30, 10, true), Optional.of(Strategy.COPY));

        var e = assertThrows(IOException.class, plan::requirePossible);
        assertTrue(String.valueOf(e.getMessage()).contains("100.0 GB do not fit into 30.00 GB"), e.getMessage());
        assertTrue(
                String.join("\n", plan.lines()).contains("* copy"), plan.lines().toString());
    }

    @Test
    void unpacksIfDecodingEachEpochCostsMoreThanWritingMore() {
        Facts plain = facts(1, 10, 500, 50, true);
        Facts packed = new Facts(
                plain.files(),
                plain.bytes(),
                1,
                10,
                plain.freeBytes(),
                plain.memoryBytes(),
                true,
                plain.rates(),
                new Packing(1, 3, 0.1e9),
                plain.candidates());

        // Decoding: 10 epochs x 1000 s / threads. More: 200 GB written (100 s) and read (500 s), and 1000 s / threads
        // once.
        assertTrue(Planner.plan(packed, Optional.of(Strategy.COPY)).gainsByUnpacking(4));
        assertFalse(Planner.plan(packed, Optional.of(Strategy.COPY)).gainsByUnpacking(16));
        assertFalse(Planner.plan(plain, Optional.of(Strategy.COPY)).gainsByUnpacking(4));
        assertFalse(Planner.plan(packed, Optional.of(Strategy.IN_PLACE)).gainsByUnpacking(4));
    }
}
