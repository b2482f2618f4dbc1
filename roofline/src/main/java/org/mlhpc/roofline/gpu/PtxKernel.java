package org.mlhpc.roofline.gpu;

/**
 * A kernel in NVIDIA's portable assembler, which the driver compiles for the device at hand.
 *
 * @param name of the entry
 * @param text the module, with this one entry
 * @param capability the least compute capability, times ten
 * @param exact whether no other capability will do (targets such as {@code sm_90a})
 * @param threads of a block
 * @param blocksPerProcessor how many blocks to start for each streaming multiprocessor. All of them run at once, since registers are
 *     limited to what lets them, and no device has multiprocessors for less than 1024 threads
 */
record PtxKernel(String name, String text, int capability, boolean exact, int threads, int blocksPerProcessor) {
    boolean runsOn(GpuDevice device) {
        return exact ? device.capability() == capability : device.capability() >= capability;
    }

    int blocks(GpuDevice device) {
        return blocksPerProcessor * device.processors();
    }

    /** All threads of a launch. */
    long threads(GpuDevice device) {
        return (long) blocks(device) * threads;
    }

    /**
     * A kernel with its module around it.
     *
     * @param version of the PTX language, the lowest that knows the instructions used: old drivers refuse new ones
     * @param parameters of 64 bits each, names separated by a space
     */
    static PtxKernel of(
            String name,
            String version,
            int capability,
            boolean exact,
            int threads,
            int blocksPerProcessor,
            String parameters,
            String body) {
        String text =
                """
                .version @VERSION
                .target sm_@TARGET
                .address_size 64
                .visible .entry @NAME(.param .u64 @PARAMETERS)
                .maxntid @THREADS, 1, 1
                .minnctapersm @BLOCKS
                {
                """
                        .replace("@VERSION", version)
                        .replace("@TARGET", capability + (exact ? "a" : ""))
                        .replace("@NAME", name)
                        .replace("@PARAMETERS", parameters.replace(" ", ", .param .u64 "))
                        .replace("@THREADS", String.valueOf(threads))
                        .replace("@BLOCKS", String.valueOf(blocksPerProcessor));
        return new PtxKernel(name, text + body + "}\n", capability, exact, threads, blocksPerProcessor);
    }
}
