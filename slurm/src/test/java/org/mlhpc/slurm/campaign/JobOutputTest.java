package org.mlhpc.slurm.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.slurm.status.QueuedJob;

class JobOutputTest {
    private static final QueuedJob FAILED = new QueuedJob("7", "FAILED", "JobLaunchFailure", "n1", "0:00");

    @TempDir
    private Path folder;

    private QueuedJob explained(QueuedJob job, String output) throws IOException {
        return JobOutput.explained(job, Files.writeString(folder.resolve("out"), "x".repeat(100_000) + "\n" + output));
    }

    /** The first two are what Slurm 22.05 printed, by its own limit and by that of a control group. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    slurmstepd-n1: error: Exceeded job memory limit                                | OUT_OF_MEMORY
                    slurmstepd-n1: error: Detected 1 oom-kill event(s) in StepId=2.batch. Some of  | OUT_OF_MEMORY
                    slurmstepd-n1: error: *** JOB 2 ON n1 CANCELLED AT 2026-11-28T05:16:40 ***     | FAILED
                    the network exceeded memory limit of 3 bits                                    | FAILED
                    """)
    void whatNotEvenTheScriptCouldSayStandsInTheOutput(String line, String state) throws IOException {
        assertEquals(state, explained(FAILED, line + "\n").state());
    }

    @Test
    void onlyAJobThatFailedIsExplained() throws IOException {
        var running = new QueuedJob("7", "RUNNING", "None", "n1", "5:00");

        assertEquals(running, explained(running, "slurmstepd: error: Exceeded job memory limit\n"));
        assertEquals(FAILED, JobOutput.explained(FAILED, folder.resolve("nosuch")));
    }
}
