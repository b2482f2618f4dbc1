package org.mlhpc.results;

import java.util.List;
import java.util.Optional;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;

/** Ceilings for tests. */
public final class SampleMachines {
    private SampleMachines() {}

    /** Of a machine whose network was not measured. */
    public static MeasuredMachine machine(MeasuredCeiling... ceilings) {
        return machine(List.of(), ceilings);
    }

    public static MeasuredMachine machine(List<Collective> collectives, MeasuredCeiling... ceilings) {
        return MeasuredMachine.builder()
                .host("node")
                .cpu("cpu")
                .cores(4)
                .ceilings(List.of(ceilings))
                .collectives(collectives)
                .build();
    }

    public static MeasuredCeiling engine(int threads, double rate) {
        return ceiling(Resource.COMPUTE, "engine", "matmul", "fp32", threads, rate);
    }

    public static MeasuredCeiling plainLoop(int threads, double rate) {
        return ceiling(Resource.COMPUTE, "plain loop", "fma", "fp32", threads, rate);
    }

    public static MeasuredCeiling triad(String level, int threads, double rate) {
        return ceiling(Resource.MEMORY, level, "triad", "", threads, rate);
    }

    /** @param operation such as {@code sequential read} */
    public static MeasuredCeiling direct(String operation, double rate) {
        return ceiling(Resource.STORAGE, "direct", operation, "", 1, rate);
    }

    private static MeasuredCeiling ceiling(
            Resource resource, String level, String operation, String precision, int threads, double rate) {
        return MeasuredCeiling.of(
                resource, level, operation, precision, threads, resource.unit(), Spread.of(rate), Optional.empty());
    }
}
