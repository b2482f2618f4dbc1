package org.mlhpc.roofline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryStepsTest {
    private static final List<CacheLevel> CACHES = List.of(
            new CacheLevel(1, 48 << 10, 1, 2), new CacheLevel(2, 1 << 20, 1, 2), new CacheLevel(3, 32 << 20, 2, 1));

    @Test
    void working_sets_are_half_of_a_threads_share() {
        assertEquals(
                Map.of("L1", 24L << 10, "L2", 512L << 10, "L3", 16L << 20, "DRAM", 256L << 20),
                MemorySteps.workingSets(CACHES, 1, 1L << 30));
        assertEquals(
                Map.of("L1", 24L << 10, "L2", 512L << 10, "L3", 8L << 20, "DRAM", 192L << 20),
                MemorySteps.workingSets(CACHES, 2, 0));
    }

    /** A share of the last cache that fits into the one below would measure that one. */
    @Test
    void a_level_with_too_small_a_share_is_left_out() {
        var caches = List.of(new CacheLevel(2, 2 << 20, 1, 16), new CacheLevel(3, 32 << 20, 16, 1));
        assertEquals(
                List.of("L2", "DRAM"),
                List.copyOf(MemorySteps.workingSets(caches, 16, 0).keySet()));
    }

    /** Eight processors, each with a last cache of its own: twelve times all eight, and half of a whole one for each thread. */
    @Test
    void all_last_caches_count() {
        var caches = List.of(new CacheLevel(3, 32 << 20, 1, 8));
        assertEquals(Map.of("L3", 16L << 20, "DRAM", 12 * 8 * (32L << 20) / 8), MemorySteps.workingSets(caches, 8, 0));
    }

    /** With vectors of 64 bytes two loads and a store each cycle. */
    @Test
    void the_first_cache_moves_so_many_bytes_a_cycle() {
        assertEquals(128, MemorySteps.bytesPerCycle("read", 64));
        assertEquals(128, MemorySteps.bytesPerCycle("copy", 64));
        assertEquals(192, MemorySteps.bytesPerCycle("triad", 64));
    }

    /** With vectors of 32 bytes three loads and two stores each cycle, as Golden Cove has: two loads for a triad allow 1.5 triads. */
    @Test
    void three_loads_a_cycle_make_one_and_a_half_triads() {
        assertEquals(3 * 32, MemorySteps.bytesPerCycle("read", 32));
        assertEquals(2 * (32 + 32), MemorySteps.bytesPerCycle("copy", 32));
        assertEquals(1.5 * (2 * 32 + 32), MemorySteps.bytesPerCycle("triad", 32));
    }
}
