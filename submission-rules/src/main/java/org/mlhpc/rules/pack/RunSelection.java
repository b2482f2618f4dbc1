package org.mlhpc.rules.pack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.mlhpc.results.Score;

/**
 * Which of more runs than needed are submitted: the consecutive ones whose score is the median of all such choices. Taking the
 * best ones is forbidden (hpc_training_rules.adoc, "Benchmark Results").
 */
final class RunSelection {
    private RunSelection() {}

    /**
     * Index of the first run to submit.
     *
     * @param runs in the order they were made
     * @param wanted number of runs of a submission
     * @throws NotQualified if no choice has a score
     */
    static int first(List<Score.Judged> runs, int wanted) throws NotQualified {
        record Choice(int first, double minutes) {}
        var choices = new ArrayList<Choice>();
        for (int i = 0; i + wanted <= runs.size(); i++) {
            OptionalDouble minutes = Score.minutesToTrain(runs.subList(i, i + wanted));
            // A choice without a score is slower than all others.
            choices.add(new Choice(i, minutes.orElse(Double.POSITIVE_INFINITY)));
        }
        choices.sort(Comparator.comparingDouble(Choice::minutes));
        // Of the two in the middle of an even number the slower one; else one run more would let the best choice be
        // taken.
        Choice median = choices.get(choices.size() / 2);
        if (Double.isInfinite(median.minutes())) {
            throw new NotQualified("of the " + wanted + " consecutive runs with the median score, out of " + runs.size()
                    + ", more than one fails; ./mlhpc check says why");
        }
        return median.first();
    }
}
