package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("mpi")
class MpiCommunicatorIT {
    private static final long KILL_LIMIT_MILLIS = 10_000;

    @ParameterizedTest
    @CsvSource({"2, 0", "3, 0", "2, 2", "3, 2"})
    void everyRankKeepsTheContract(int ranks, int nodes) throws IOException, InterruptedException {
        Map<String, String> environment =
                nodes == 0 ? Map.of() : Map.of(SimulatedNodes.VARIABLE, Integer.toString(nodes));
        RankJob job = RankJob.run(ranks, "contract", environment);

        assertEquals(0, job.exitCode(), job.output());
        Matcher passed = Pattern.compile("passed (\\d+) tests").matcher(job.output());
        int reports = 0;
        while (passed.find()) {
            assertTrue(Integer.parseInt(passed.group(1)) >= 20, job.output());
            reports++;
        }
        assertEquals(ranks, reports, job.output());
    }

    @Test
    void killingARankEndsTheJobAndNamesIt() throws IOException, InterruptedException {
        RankJob job = RankJob.run(3, "killed");

        assertNotEquals(0, job.exitCode(), job.output());
        assertTrue(job.output().contains("rank 1"), job.output());
        assertTrue(job.output().contains("signal 9"), job.output());
        Matcher killed = Pattern.compile("killed at (\\d+)").matcher(job.output());
        assertTrue(killed.find(), job.output());
        long millis = job.endMillis() - Long.parseLong(killed.group(1));
        assertTrue(millis < KILL_LIMIT_MILLIS, "the job ended only after " + millis + " ms");
    }

    @Test
    void abortOnOneRankEndsTheOthersWithItsExitCode() throws IOException, InterruptedException {
        RankJob job = RankJob.run(3, "failing");

        assertEquals(3, job.exitCode(), job.output());
        assertTrue(job.output().contains("rank 1 gives up"), job.output());
        assertFalse(job.output().contains("unreachable"), job.output());
    }
}
