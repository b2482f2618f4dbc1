package org.mlhpc.harness.projection;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.RunRecord;
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

    /** Threads' time by samples in the epochs of {@code run}; empty if its loader does not tell. */
    private static Optional<Double> measured(ProfiledRun run) {
        Optional<Double> bytesPerSample = run.bytesPerSample();
        if (run.profile().storageLimit().isPresent() || bytesPerSample.isEmpty()) {
            return Optional.empty();
        }
        double seconds = 0;
        double samples = 0;
        for (RunRecord.Epoch epoch : run.record().epochs()) {
            if (epoch.input().isPresent()) {
                RunRecord.Input input = epoch.input().get();
                double busy = epoch.trainSeconds() - epoch.stallSeconds();
                seconds += input.neededThreads() * busy * run.layout().ranks();
                samples += input.bytes() / bytesPerSample.get();
            }
        }
        return samples > 0 ? Optional.of(seconds / samples) : Optional.empty();
    }

    private static Optional<Integer> threads(ProfiledRun run) {
        return run.record().epochs().stream()
                .flatMap(epoch -> epoch.input().stream())
                .map(RunRecord.Input::threads)
                .max(Comparator.naturalOrder());
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
