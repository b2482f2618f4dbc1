package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MachineFile;
import org.mlhpc.roofline.ceilings.MeasuredMachine;

/** Measures the network between two ranks, through the Java bindings and in C. */
class RooflineMeasureIT {
    @TempDir
    private Path directory;

    private MeasuredMachine measured(String... further) throws IOException, InterruptedException {
        Path file = directory.resolve("machine.json");
        var command =
                new ArrayList<>(List.of("roofline", "measure", "--quick", "--ranks", "2", "--out", file.toString()));
        command.addAll(List.of(further));
        LauncherJob job = LauncherJob.start(directory, Map.of(), command);
        assertEquals(0, job.await(), job.output());
        return MachineFile.read(file);
    }

    private static void assertRows(List<Collective> rows) {
        // 4 bytes to 4 MiB in steps of four, for each of four operations.
        assertEquals(4 * 11, rows.size());
        assertTrue(
                rows.stream().allMatch(row -> row.ranks() == 2 && row.seconds().median() > 0), rows::toString);
    }

    @Test
    void messagesAreMeasuredInCToo() throws IOException, InterruptedException {
        assumeTrue(
                new ProcessBuilder("sh", "-c", "command -v mpicc && command -v cc")
                                .start()
                                .waitFor()
                        == 0,
                "no mpicc or no C compiler");
        MeasuredMachine machine = measured();
        assertRows(machine.collectives());
        assertRows(machine.collectivesInC());
        assertEquals(8, machine.ceilings().size());
        assertEquals(List.of(), machine.notMeasured());
    }

    @Test
    void javaAloneCanBeAskedFor() throws IOException, InterruptedException {
        MeasuredMachine machine = measured("--java-loops");
        assertRows(machine.collectives());
        assertEquals(List.of(), machine.collectivesInC());
    }
}
