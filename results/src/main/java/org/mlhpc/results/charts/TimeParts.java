package org.mlhpc.results.charts;

import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.mlhpc.results.entry.Entry;

/** Minutes of a run by part, as finely as the entry tells. */
final class TimeParts {
    private static final String STAGING = "staging";
    private static final String TRAINING = "training";
    private static final String EVALUATION = "evaluation";
    private static final String OTHER = "other";
    private static final String EVALUATION_AND_OTHER = "evaluation and other";
    private static final String ALL = "training, evaluation and other";

    private TimeParts() {}

    /** Every part that any entry can have, so that the same part has the same colour in all charts. */
    static Map<String, Color> colours() {
        return Map.of(
                STAGING, Svg.ORANGE,
                TRAINING, Svg.BLUE,
                EVALUATION, Svg.SKY,
                OTHER, new Color(0x777777),
                EVALUATION_AND_OTHER, Svg.PURPLE,
                ALL, Svg.GREEN);
    }

    /** The parts; they add up to {@code minutes}. */
    static Map<String, Double> of(Entry entry, double minutes) {
        var parts = new LinkedHashMap<String, Double>();
        OptionalDouble training = entry.measured().trainMinutes();
        OptionalDouble evaluation = entry.measured().evalMinutes();
        double rest = minutes - entry.stagingInside();
        parts.put(STAGING, entry.stagingInside());
        if (training.isEmpty()) {
            parts.put(ALL, rest);
        } else if (evaluation.isEmpty()) {
            parts.put(TRAINING, training.getAsDouble());
            parts.put(EVALUATION_AND_OTHER, Math.max(0, rest - training.getAsDouble()));
        } else {
            parts.put(TRAINING, training.getAsDouble());
            parts.put(EVALUATION, evaluation.getAsDouble());
            parts.put(OTHER, Math.max(0, rest - training.getAsDouble() - evaluation.getAsDouble()));
        }
        return parts;
    }
}
