package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedNodesTest {
    private static int[] nodes(int ranks, int nodes) {
        return IntStream.range(0, ranks)
                .map(rank -> SimulatedNodes.nodeOf(rank, ranks, nodes))
                .toArray();
    }

    @Test
    void nodesAreBlocksOfConsecutiveRanks() {
        assertArrayEquals(new int[] {0, 0, 1, 1}, nodes(4, 2));
        assertArrayEquals(new int[] {0, 0, 1}, nodes(3, 2));
        assertArrayEquals(new int[] {0, 1}, nodes(2, 5));
    }

    @Test
    void theRealNodesCountWithoutTheVariable() {
        assertEquals(0, SimulatedNodes.number(Map.of()));
        assertEquals(3, SimulatedNodes.number(Map.of(SimulatedNodes.VARIABLE, "3")));
    }

    @Test
    void aWrongNumberIsNamed() {
        var e = assertThrows(
                IllegalArgumentException.class, () -> SimulatedNodes.number(Map.of(SimulatedNodes.VARIABLE, "two")));

        assertTrue(String.valueOf(e.getMessage()).contains("MLHPC_SIMULATED_NODES=two"), e.getMessage());
    }
}
