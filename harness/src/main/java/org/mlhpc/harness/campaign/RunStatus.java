package org.mlhpc.harness.campaign;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mlhpc.slurm.status.RunState;

/**
 * How one run of a campaign is doing.
 *
 * @param point name of its size
 * @param job newest job of Slurm that it belongs to; empty if it was not submitted
 * @param nodes of the newest start, comma-separated; empty before the first
 * @param starts how often it was started
 * @param waited time between its starts, in which it waited for nodes
 * @param progress empty before its log begins
 * @param limit time until Slurm ends the job; empty if it does not run or has no limit
 * @param restSeconds until the target, should the run take as many epochs as the finished ones of its size on the average; empty
 *     without one that reached the target, and of a run that has taken more already
 */
public record RunStatus(
        String point,
        int index,
        RunState state,
        String job,
        String nodes,
        int starts,
        Duration waited,
        Optional<RunProgress> progress,
        Optional<Duration> limit,
        OptionalDouble restSeconds) {}
