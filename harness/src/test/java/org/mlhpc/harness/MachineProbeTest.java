package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.results.RunRecord.Machine;

class MachineProbeTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "'0-3,8', 5"})
    void countsTheProcessorsThatAreOnline(String online, int count) {
        assertEquals(count, MachineProbe.processors(online));
    }

    @Test
    void fallsBackToTheProcessorsOfThisProcess() {
        assertEquals(Runtime.getRuntime().availableProcessors(), MachineProbe.processors(""));
    }

    @Test
    void readsTheValueBehindTheColon() {
        List<String> lines = List.of("vendor_id\t: Some", "model name\t: A CPU: fast", "model name\t: another");
        assertEquals("A CPU: fast", MachineProbe.parse(lines, "model name"));
        assertEquals("", MachineProbe.parse(lines, "flags"));
    }

    @Test
    void describesThisMachine() {
        Machine machine = MachineProbe.probe(1, 2, 3, "Open MPI v4");
        assertEquals(2, machine.ranks());
        assertEquals(3, machine.threadsPerRank());
        assertTrue(machine.coresPerNode() >= 1);
        assertTrue(machine.memoryBytesPerNode() > 1 << 20);
    }
}
