package org.mlhpc.harness.projection;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mlhpc.roofline.predict.FittedRuns;
import org.mlhpc.roofline.predict.StepDemand;

/**
 * What a loader thread needs for a sample. Its time counts waiting too, for a core or for storage, so that the shortest of
 * all runs on files of the same length is nearest to what reading and decoding take by themselves. Runs with a storage limit
 * tell nothing.
 */
final class LoadingTimes {
    /** Mean lengths of compressed files differ by as much between runs that read other samples of the same set. */
    private static final double SAME_LENGTH = 0.05;

    private final List<ProfiledRun> runs;

    LoadingTimes(List<ProfiledRun> runs) {
        this.runs = List.copyOf(runs);
    }

    private static boolean sameFiles(ProfiledRun one, ProfiledRun other) {
        double lengths =
                one.bytesPerSample().orElse(0.0) / other.bytesPerSample().orElse(0.0);
        return one.record().model().equals(other.record().model()) && Math.abs(lengths - 1) <= SAME_LENGTH;
    }

    /** Seconds of a thread for a sample of {@code run}; empty if its loader does not tell. */
    private static Optional<Double> measured(ProfiledRun run) {
        return run.loaderWork().threadSecondsPerByte().flatMap(seconds -> run.bytesPerSample()
                .map(bytes -> seconds * bytes));
    }

    private static Optional<Integer> threads(ProfiledRun run) {
        return Optional.of(run.loaderWork().threadsPerRank()).filter(threads -> threads > 0);
    }

    /** Empty if no run on such files tells. */
    Optional<FittedRuns.Loader> of(ProfiledRun run) {
        return runs.stream()
                .filter(other -> sameFiles(other, run))
                .flatMap(other -> measured(other).stream())
                .min(Comparator.naturalOrder())
                .flatMap(seconds -> threads(run)
                        .map(threads -> new FittedRuns.Loader(
                                seconds, (double) threads / run.layout().threadsPerRank())));
    }

    /** Of a step on each node. */
    Optional<StepDemand.Loading> ofStep(ProfiledRun run) {
        double samples = (double) run.profile().samplesPerStep() / run.layout().nodes();
        return of(run).map(loader -> loader.loading(samples, run.layout()));
    }
}
