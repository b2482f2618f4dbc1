package org.mlhpc.roofline.fit;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import org.mlhpc.roofline.Resource;

/**
 * Step time = overhead + (sum over resources of (ideal / efficiency)^p)^(1/p), with p = 1 / serial.
 *
 * <p>With {@code serial} = 1 the resources wait for each other and their times add up; towards 0 they work side by side and
 * the slowest alone counts, which is the classic roofline (Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009).
 *
 * @param efficiency what share of its ceiling each resource reaches; none for the loader, whose seconds are measured
 * @param overheadSeconds part of each step that no work explains
 * @param serial from 0 (all resources at once) to 1 (one after the other)
 */
public record StepModel(Map<Resource, Double> efficiency, double overheadSeconds, double serial) {
    /** {@link ParameterSpace#GREATEST_EFFICIENCY}, which passes through a logarithm and back: that rounds it by some 1e-16. */
    private static final double GREATEST = ParameterSpace.GREATEST_EFFICIENCY * (1 + 1e-9);

    /** What {@link #limit} says where no resource needs as long. */
    public static final String OVERHEAD = "overhead";

    public StepModel {
        if (!(serial > 0 && serial <= 1) || !(overheadSeconds >= 0) || Double.isInfinite(overheadSeconds)) {
            throw new IllegalArgumentException("serial " + serial + ", overhead " + overheadSeconds + " s");
        }
        efficiency.forEach((resource, share) -> {
            if (!(share > 0 && share <= GREATEST)) {
                throw new IllegalArgumentException("efficiency of " + resource.word() + " is " + share
                        + ", not between 0 and " + ParameterSpace.GREATEST_EFFICIENCY);
            }
        });
        var copy = new EnumMap<Resource, Double>(Resource.class);
        copy.putAll(efficiency);
        efficiency = Collections.unmodifiableMap(copy);
    }

    /**
     * Seconds of a step.
     *
     * @param ideal as in {@link Observation}
     * @throws IllegalArgumentException if work uses a resource that the model does not know
     */
    public double seconds(Map<Resource, Double> ideal) {
        return overheadSeconds + combined(alone(ideal).values());
    }

    /** Seconds that each resource would need for its work if it had nothing to wait for. */
    public Map<Resource, Double> alone(Map<Resource, Double> ideal) {
        var times = new EnumMap<Resource, Double>(Resource.class);
        ideal.forEach((resource, time) -> times.put(resource, time / efficiencyOf(resource)));
        return times;
    }

    /** The resource that needs longest: a faster one of another kind would help less. */
    public Resource binding(Map<Resource, Double> ideal) {
        return Collections.max(alone(ideal).entrySet(), Comparator.comparingDouble(Map.Entry::getValue))
                .getKey();
    }

    /**
     * What limits a step, in a word: {@link #OVERHEAD} if it takes longer than what all resources need together, otherwise the
     * binding resource.
     *
     * @param seconds of the step by this model
     */
    public String limit(double seconds, Resource binding) {
        return limit(overheadSeconds, seconds, binding.word());
    }

    /** The same for a known overhead, with {@code binding} as it is called. */
    public static String limit(double overheadSeconds, double seconds, String binding) {
        return overheadSeconds > seconds / 2 ? OVERHEAD : binding;
    }

    double efficiencyOf(Resource resource) {
        if (!resource.hasEfficiency()) {
            return 1;
        }
        Double known = efficiency.get(resource);
        if (known == null) {
            throw new IllegalArgumentException(
                    "the fit saw no work of " + resource + "; add runs in which it works, or leave its work out");
        }
        return known;
    }

    /** Scaled by the largest, so that no power overflows. */
    double combined(Collection<Double> times) {
        double largest = times.isEmpty() ? 0 : Collections.max(times);
        if (largest == 0) {
            return 0;
        }
        double sum = 0;
        for (double time : times) {
            sum += Math.pow(time / largest, 1 / serial);
        }
        return largest * Math.pow(sum, serial);
    }
}
