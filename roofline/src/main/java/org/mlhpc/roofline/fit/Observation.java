package org.mlhpc.roofline.fit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.mlhpc.roofline.Resource;

/**
 * One measured step time beside what the ceilings alone would allow.
 *
 * @param label what was run, for messages and tables
 * @param ideal seconds that each resource needs for its work of a step at its ceiling, others ignored; a resource without
 *     work, or whose work was not measured, has no entry
 * @param seconds of one step
 */
public record Observation(String label, Map<Resource, Double> ideal, double seconds) {
    public Observation {
        if (!(seconds > 0) || Double.isInfinite(seconds)) {
            throw new IllegalArgumentException(label + ": a step of " + seconds + " s");
        }
        var copy = new EnumMap<Resource, Double>(Resource.class);
        ideal.forEach((resource, time) -> {
            if (!(time >= 0) || Double.isInfinite(time)) {
                throw new IllegalArgumentException(label + ": " + resource + " needs " + time + " s");
            }
            if (time > 0) {
                copy.put(resource, time);
            }
        });
        if (copy.isEmpty()) {
            throw new IllegalArgumentException(label + ": no work was measured");
        }
        ideal = Collections.unmodifiableMap(copy);
    }

    /** The same work with another time. */
    Observation taking(double otherSeconds) {
        return new Observation(label, ideal, otherSeconds);
    }
}
