package org.mlhpc.roofline.fit;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mlhpc.roofline.Quantile;

/**
 * Step times that a fit to all other observations predicts.
 *
 * @param heldOut by observation, in their order; {@code fittedSeconds} come from a fit that did not see it
 */
public record CrossValidation(List<RooflineFit.Residual> heldOut) {
    public CrossValidation {
        heldOut = List.copyOf(heldOut);
    }

    /**
     * Leaves out one observation after the other, together with repetitions of it, which have the same work. An observation
     * that alone has work of some resource cannot be predicted from the others and is left out of the result.
     */
    public static CrossValidation leaveOneOut(List<Observation> observations, long seed) {
        return new CrossValidation(IntStream.range(0, observations.size())
                .parallel()
                .filter(index -> others(observations, index).stream()
                        .flatMap(other -> other.ideal().keySet().stream())
                        .toList()
                        .containsAll(observations.get(index).ideal().keySet()))
                .mapToObj(index -> predicted(observations.get(index), others(observations, index), seed))
                .toList());
    }

    private static List<Observation> others(List<Observation> observations, int index) {
        return IntStream.range(0, observations.size())
                .filter(other -> other != index)
                .mapToObj(observations::get)
                .filter(other -> !other.ideal().equals(observations.get(index).ideal()))
                .toList();
    }

    private static RooflineFit.Residual predicted(Observation left, List<Observation> others, long seed) {
        return RooflineFit.Residual.of(left, RooflineFit.modelOf(others, seed));
    }

    /** The share of the held-out times whose relative error is at most the result is {@code share}. */
    public double absoluteError(double share) {
        double[] errors = heldOut.stream()
                .mapToDouble(each -> Math.abs(each.relativeError()))
                .toArray();
        return Quantile.of(errors, share);
    }

    /** For people: how many runs were predicted, and how well. */
    public String inWords() {
        if (heldOut.isEmpty()) {
            return "no run can be predicted from the others";
        }
        return String.format(
                Locale.ROOT,
                "%d runs, each predicted from the others: median absolute error %.1f %%, 90 %% below %.1f %%",
                heldOut.size(),
                100 * absoluteError(0.5),
                100 * absoluteError(0.9));
    }
}
