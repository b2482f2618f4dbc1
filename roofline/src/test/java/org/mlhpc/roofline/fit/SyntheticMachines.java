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

    /** Far from what a fit may not give. */
    static StepModel machine(Random random) {
        return machine(random, 0.2, 0.9, 0.15, 0.95);
    }

    /** As fits of real runs have them: memory at a twentieth of its ceiling, storage above it, resources that overlap nearly all. */
    static StepModel machineNearBounds(Random random) {
        return machine(random, 0.05, 1.3, ParameterSpace.LEAST_SERIAL, 0.4);
    }

    private static StepModel machine(
            Random random, double leastEfficiency, double mostEfficiency, double leastSerial, double mostSerial) {
        Map<Resource, Double> efficiency = new EnumMap<>(Resource.class);
        for (Resource resource : WITH_EFFICIENCY) {
            efficiency.put(resource, between(random, leastEfficiency, mostEfficiency));
        }
        return new StepModel(efficiency, 0.002 + 0.02 * random.nextDouble(), between(random, leastSerial, mostSerial));
    }

    private static double between(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
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
