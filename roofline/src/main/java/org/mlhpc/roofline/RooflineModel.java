package org.mlhpc.roofline;

import java.util.Comparator;
import java.util.List;

/** The machine as a set of ceilings; the lowest one for a given work is the roof. */
public record RooflineModel(String system, List<Ceiling> ceilings) {
    public RooflineModel {
        ceilings = List.copyOf(ceilings);
        if (ceilings.isEmpty()) {
            throw new IllegalArgumentException("a roofline needs at least one ceiling");
        }
    }

    /** The ceiling that limits {@code work} most. */
    public Ceiling binding(Work work) {
        return ceilings.stream()
                .min(Comparator.comparingDouble(ceiling -> ceiling.limit(work)))
                .orElseThrow();
    }

    /** The highest rate, in FLOP/s, that {@code work} can reach. */
    public double attainable(Work work) {
        return binding(work).limit(work);
    }
}
