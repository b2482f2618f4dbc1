package org.mlhpc.harness.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mlhpc.roofline.predict.Layout;
import org.mlhpc.roofline.predict.Predictor;
import org.mlhpc.roofline.predict.Projection;

/**
 * One of the scales that were asked for.
 *
 * @param batch samples per step over all ranks
 * @param projection empty if nothing can be predicted
 * @param obstacle why not; empty text if something is
 */
public record Scale(Layout layout, long batch, Optional<Projection> projection, String obstacle) {
    /** A scale to predict. */
    public record Wanted(Layout layout, long batch) {}

    /**
     * Predicts each scale. One that is impossible does not keep the others from being predicted.
     *
     * @throws IllegalArgumentException if all are; the message is that of the first
     */
    public static List<Scale> predict(Predictor predictor, Projector projector, List<Wanted> wanted) {
        List<Scale> scales = new ArrayList<>();
        IllegalArgumentException first = null;
        for (Wanted each : wanted) {
            try {
                Projection found = predictor.predict(projector.scenario(each.layout, each.batch));
                scales.add(new Scale(each.layout, each.batch, Optional.of(found), ""));
            } catch (IllegalArgumentException e) {
                first = first == null ? e : first;
                scales.add(new Scale(each.layout, each.batch, Optional.empty(), String.valueOf(e.getMessage())));
            }
        }
        if (first != null && scales.stream().allMatch(scale -> scale.projection.isEmpty())) {
            throw first;
        }
        return scales;
    }
}
