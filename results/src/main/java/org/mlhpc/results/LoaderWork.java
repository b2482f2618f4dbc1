package org.mlhpc.results;

import java.util.List;
import java.util.Optional;

/**
 * What a run's loaders did, by its record.
 *
 * @param storageShare part of the files' bytes that storage had to deliver: all of them under a storage limit, which page
 *     cache hits pass too; else what devices delivered. Empty if the kernel does not tell, as for network file systems
 * @param threadSecondsPerByte of loader threads, waiting for cores and devices included; empty if it was not measured, and
 *     under a storage limit, which threads wait for
 * @param threadsPerRank 0 if that was not measured
 */
public record LoaderWork(Optional<Double> storageShare, Optional<Double> threadSecondsPerByte, int threadsPerRank) {
    /** Of all epochs of {@code run}. */
    public static LoaderWork of(RunRecord run) {
        List<RunRecord.Input> inputs =
                run.epochs().stream().flatMap(epoch -> epoch.input().stream()).toList();
        boolean limited = run.profile().flatMap(Profile::storageLimit).isPresent();
        double bytes = inputs.stream().mapToDouble(RunRecord.Input::bytes).sum();
        return new LoaderWork(
                limited ? Optional.of(1.0) : fromDevices(inputs, bytes),
                limited || bytes == 0 ? Optional.empty() : Optional.of(threadSeconds(run) / bytes),
                inputs.stream().mapToInt(RunRecord.Input::threads).max().orElse(0));
    }

    private static Optional<Double> fromDevices(List<RunRecord.Input> inputs, double bytes) {
        boolean told = bytes > 0
                && inputs.stream().allMatch(input -> input.deviceBytes().isPresent());
        return told
                ? Optional.of(Math.min(
                        1,
                        inputs.stream()
                                        .mapToDouble(
                                                input -> input.deviceBytes().orElse(0.0))
                                        .sum()
                                / bytes))
                : Optional.empty();
    }

    /** Threads that loading needs, for as long as training did not wait for it; of all ranks. */
    private static double threadSeconds(RunRecord run) {
        double seconds = 0;
        for (RunRecord.Epoch epoch : run.epochs()) {
            double busy = epoch.trainSeconds() - epoch.stallSeconds();
            seconds += epoch.input().map(input -> input.neededThreads() * busy).orElse(0.0);
        }
        return seconds * run.machine().ranks();
    }
}
