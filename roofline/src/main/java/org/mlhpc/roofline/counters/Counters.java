package org.mlhpc.roofline.counters;

import java.util.List;

/** The counters of the system that we know. */
public final class Counters {
    private Counters() {}

    /** Every source, whether it is available here or not. */
    public static List<CounterSource> ofThisMachine() {
        KernelFiles kernel = KernelFiles.ofThisMachine();
        var perf = new PerfTool("perf");
        return List.of(
                SuppliedCounter.processStorage(),
                new BlockDevices(kernel),
                new NetworkInterfaces(kernel),
                new InfiniBand(kernel),
                new Slingshot(kernel),
                PerfEvents.flop(perf),
                PerfEvents.memory(perf),
                new PackageEnergy(kernel),
                new NvidiaPower("nvidia-smi"));
    }
}
