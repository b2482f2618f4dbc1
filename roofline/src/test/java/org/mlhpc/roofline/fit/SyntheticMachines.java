package org.mlhpc.roofline.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mlhpc.roofline.Resource;

/** Machines with known parameters, and runs on them with noise. */
final class SyntheticMachines {
    static final List<Resource> WITH_EFFICIENCY =
            Arrays.stream(Resource.values()).filter(Resource::hasEfficiency).toList();

    private SyntheticMachines() {}

    static StepModel machine(Random random) {
        Map<Resource, Double> efficiency = new EnumMap<>(Resource.class);
        for (Resource resource : WITH_EFFICIENCY) {
            efficiency.put(resource, 0.2 + 0.7 * random.nextDouble());
        }
        return new StepModel(efficiency, 0.002 + 0.02 * random.nextDouble(), 0.15 + 0.8 * random.nextDouble());
    }

    /** Work that is spread over two decades for each resource on its own. */
    static List<Observation> runs(StepModel machine, int count, double noise, Random random) {
        var observations = new ArrayList<Observation>();
        for (int run = 0; run < count; run++) {
            Map<Resource, Double> ideal = new EnumMap<>(Resource.class);
            for (Resource resource : WITH_EFFICIENCY) {
                ideal.put(resource, 0.005 * Math.pow(100, random.nextDouble()));
            }
            double seconds = machine.seconds(ideal) * Math.exp(noise * random.nextGaussian());
            observations.add(new Observation("run " + run, ideal, seconds));
        }
        return observations;
    }
}
