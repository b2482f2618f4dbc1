package org.mlhpc.roofline.gpu;

/**
 * What the driver says of a device.
 *
 * @param index by which the driver counts devices, those hidden by {@code CUDA_VISIBLE_DEVICES} left out
 * @param capability compute capability times ten: 80 is 8.0
 * @param processors streaming multiprocessors
 * @param clockHertz highest clock of the processors; 0 if unknown
 * @param memoryClockHertz highest clock of the memory; 0 if unknown
 * @param memoryBusBits width of the memory bus; 0 if unknown
 * @param l2Bytes size of the L2 cache; 0 if there is none
 * @param memoryBytes in all
 * @param ecc whether the memory corrects errors, which costs GDDR bandwidth
 * @param pciAddress as the kernel has it, such as {@code 0000:3b:00.0}
 */
public record GpuDevice(
        int index,
        String name,
        int capability,
        int processors,
        double clockHertz,
        double memoryClockHertz,
        int memoryBusBits,
        long l2Bytes,
        long memoryBytes,
        boolean ecc,
        String pciAddress) {
    private static final int TEN = 10;

    /** This one with another highest clock of its processors. */
    public GpuDevice withClock(double hertz) {
        return new GpuDevice(
                index,
                name,
                capability,
                processors,
                hertz,
                memoryClockHertz,
                memoryBusBits,
                l2Bytes,
                memoryBytes,
                ecc,
                pciAddress);
    }

    /** Such as {@code 8.0}. */
    public String computeCapability() {
        return capability / TEN + "." + capability % TEN;
    }
}
