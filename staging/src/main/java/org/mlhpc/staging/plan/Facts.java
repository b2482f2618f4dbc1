package org.mlhpc.staging.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a plan depends on.
 *
 * @param files files of the data set
 * @param bytes bytes of the data set
 * @param nodes nodes of the job
 * @param epochs how often the run reads the data set
 * @param freeBytes room at the destination of the fullest node; empty if there is no destination
 * @param memoryBytes memory of the fullest node that may be used for data; empty if it cannot be found out
 * @param shards whether the workload can read a part of the data on each node
 * @param rates empty if nothing was measured
 */
public record Facts(
        long files,
        long bytes,
        int nodes,
        double epochs,
        OptionalLong freeBytes,
        OptionalLong memoryBytes,
        boolean shards,
        Optional<Rates> rates,
        Packing packing,
        List<Strategy> candidates) {
    public Facts {
        candidates = List.copyOf(candidates);
    }
}
