package org.mlhpc.harness;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.results.RunRecord;

/** What a run says about its loader at the end. */
final class LoaderAdvice {
    /** Waiting less than this share of the time is not worth changing anything. */
    private static final double WORTH_IT = 0.02;

    private LoaderAdvice() {}

    /** Empty if training did not wait for data, or the loader does not count. */
    static Optional<String> of(List<RunRecord.Epoch> epochs) {
        double stall =
                epochs.stream().mapToDouble(RunRecord.Epoch::stallSeconds).sum();
        double train =
                epochs.stream().mapToDouble(RunRecord.Epoch::trainSeconds).sum();
        double needed =
                inputs(epochs).mapToDouble(RunRecord.Input::neededThreads).max().orElse(0);
        int threads = inputs(epochs).mapToInt(RunRecord.Input::threads).max().orElse(0);
        if (threads == 0 || stall <= WORTH_IT * train) {
            return Optional.empty();
        }
        String share =
                String.format(Locale.ROOT, "training waited for data %.1f %% of the time: ", 100 * stall / train);
        return Optional.of(
                needed > threads
                        ? share
                                + String.format(
                                        Locale.ROOT,
                                        "the loader needs %.1f decoding threads per rank, has %d",
                                        needed,
                                        threads)
                        : share
                                + String.format(
                                        Locale.ROOT,
                                        "not for want of decoding threads (%.1f needed per rank, %d there): read further ahead,"
                                                + " or give the loader cores of its own",
                                        needed,
                                        threads));
    }

    private static java.util.stream.Stream<RunRecord.Input> inputs(List<RunRecord.Epoch> epochs) {
        return epochs.stream().flatMap(epoch -> epoch.input().stream());
    }
}
