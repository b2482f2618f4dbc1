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
 * @param projection empty if nothing can be predicted
 * @param obstacle why not; empty text if something is
 */
public record Scale(Wanted wanted, Optional<Projection> projection, String obstacle) {
    /**
     * A scale to predict, possible or not.
     *
     * @param samples per step, of each rank or over all
     * @param perRank whether of each
     */
    public record Wanted(int nodes, int ranksPerNode, int threadsPerRank, long samples, boolean perRank) {
        public long ranks() {
            return (long) nodes * ranksPerNode;
        }

        /** Samples per step over all ranks; the largest number there is for more. */
        public long batch() {
            return perRank ? Math.round((double) samples * ranks()) : samples;
        }
    }

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
                var layout = new Layout(each.nodes, each.ranksPerNode, each.threadsPerRank);
                Projection found = predictor.predict(projector.scenario(layout, each.batch()));
                scales.add(new Scale(each, Optional.of(found), ""));
            } catch (IllegalArgumentException e) {
                first = first == null ? e : first;
                scales.add(new Scale(each, Optional.empty(), String.valueOf(e.getMessage())));
            }
        }
        if (first != null && scales.stream().allMatch(scale -> scale.projection.isEmpty())) {
            throw first;
        }
        return scales;
    }
}
