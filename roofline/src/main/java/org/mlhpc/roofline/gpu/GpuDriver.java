package org.mlhpc.roofline.gpu;

import java.util.List;

/** The driver of this node's devices: the border that tests replace. */
public interface GpuDriver {
    /** Version of CUDA that the driver knows, such as {@code 12.6}. */
    String version() throws GpuException;

    /** At least one. */
    List<GpuDevice> devices() throws GpuException;

    /** Makes {@code device} ready for use. */
    GpuContext open(GpuDevice device) throws GpuException;

    /** Whether {@code from} can reach the memory of {@code to} without the host's help. */
    boolean reaches(GpuDevice from, GpuDevice to) throws GpuException;

    /** Finds the driver. */
    @FunctionalInterface
    interface Finder {
        /** @throws GpuException if there is no driver, no device, or no permission; the message says which */
        GpuDriver find() throws GpuException;
    }
}
