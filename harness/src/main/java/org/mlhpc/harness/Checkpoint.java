package org.mlhpc.harness;

import java.util.List;
import java.util.Map;
import org.mlhpc.results.RunRecord;

/**
 * Where a run stood after an epoch.
 *
 * @param identity what must be equal for another process to go on: workload, settings, seed, ranks
 * @param crc32c checksum of the state file
 * @param logBytes length of the log at that point
 * @param runStartMillis time of run_start
 * @param phases seconds by phase so far
 */
record Checkpoint(
        int epoch,
        Map<String, String> identity,
        String stateFile,
        long stateBytes,
        long crc32c,
        long logBytes,
        long runStartMillis,
        long steps,
        Map<String, Double> phases,
        List<RunRecord.Epoch> epochs,
        List<String> notes) {}
