package org.mlhpc.harness;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.RunRecord;

/**
 * How far the training of an epoch has come, in a checkpoint too. What floating-point numbers add up to is kept by rank, so that
 * the sums of an interrupted epoch are those of an uninterrupted one to the last bit.
 *
 * @param step steps done
 * @param samples over all ranks
 * @param seconds spent on them
 * @param lossSums losses of all steps added up, by rank
 * @param stallSeconds waited for data, by rank
 * @param learningRate of the last update
 */
record EpochProgress(
        long step,
        long samples,
        double seconds,
        List<Double> lossSums,
        List<Double> stallSeconds,
        double learningRate,
        Optional<RunRecord.Input> input) {
    EpochProgress {
        lossSums = List.copyOf(lossSums);
        stallSeconds = List.copyOf(stallSeconds);
    }

    /** Before the first step. */
    static EpochProgress none(int ranks) {
        List<Double> zeros = Collections.nCopies(ranks, 0.0);
        return new EpochProgress(0, 0, 0, zeros, zeros, Double.NaN, Optional.empty());
    }

    /** Mean loss over steps and ranks. */
    double loss() {
        return lossSums.stream().mapToDouble(Double::doubleValue).sum() / step / lossSums.size();
    }

    /** Of the rank that waited longest. */
    double longestStall() {
        return stallSeconds.stream().max(Comparator.naturalOrder()).orElse(0.0);
    }
}
