package org.mlhpc.roofline.gpu;

import java.io.IOException;

/** A device, its driver or a library of it refused; the message names the call and the error. */
public final class GpuException extends IOException {
    private static final long serialVersionUID = 1;

    private final String fix;

    /** @param fix what the user can do; empty if nothing helps, and then the message says why */
    public GpuException(String message, String fix) {
        super(message);
        this.fix = fix;
    }

    /**
     * A call that returned an error.
     *
     * @param call such as {@code cuMemAlloc}
     * @param error such as {@code CUDA_ERROR_OUT_OF_MEMORY}
     */
    static GpuException of(String call, String error) {
        return new GpuException(call + ": " + error, fixOf(error));
    }

    public String fix() {
        return fix;
    }

    /** By the meanings that the reference of the driver API gives the errors. */
    private static String fixOf(String error) {
        return switch (error) {
            case "CUDA_ERROR_NO_DEVICE" ->
                "check nvidia-smi and CUDA_VISIBLE_DEVICES; in a batch job ask for a device, in a container"
                        + " pass it on (docker: --gpus all, apptainer: --nv)";
            case "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "CUDA_ERROR_STUB_LIBRARY" ->
                "libcuda.so.1 and the kernel's driver"
                        + " differ: let LD_LIBRARY_PATH find the driver's own library, or restart after its update";
            case "CUDA_ERROR_SYSTEM_NOT_READY" ->
                "start the fabric manager of the NVLink switches: systemctl start" + " nvidia-fabricmanager (as root)";
            case "CUDA_ERROR_OPERATING_SYSTEM", "CUDA_ERROR_UNKNOWN" ->
                "check that /dev/nvidia* and /dev/nvidia-uvm are there and"
                        + " that you may open them; nvidia-modprobe -u makes them (as root)";
            case "CUDA_ERROR_NOT_PERMITTED" -> "ask for permission to use the device";
            case "CUDA_ERROR_DEVICE_UNAVAILABLE" ->
                "another process has the device to itself: wait for it, or nvidia-smi -c DEFAULT" + " (as root)";
            case "CUDA_ERROR_OUT_OF_MEMORY" -> "end other processes that use the device (nvidia-smi lists them)";
            case "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE" ->
                "install a newer driver";
            case "CUDA_ERROR_ECC_UNCORRECTABLE", "CUDA_ERROR_NVLINK_UNCORRECTABLE" ->
                "the hardware reports damage: see nvidia-smi -q" + " and reset or replace the device";
            case "CUDA_ERROR_LAUNCH_TIMEOUT" ->
                "the driver ends kernels that run long on a device with a display: take the display away, or another device";
            case "CUBLAS_STATUS_NOT_INITIALIZED", "CUBLAS_STATUS_ALLOC_FAILED" ->
                "end other processes that use the device (nvidia-smi lists them); if there are none, install a newer driver";
            // Illegal addresses, failed launches: all later calls of this process to the device fail too.
            default ->
                "measure again; if it fails again, look for Xid in dmesg (as root): the hardware, its driver or a kernel of"
                        + " this program is at fault, and NVIDIA's list of Xid errors says which";
        };
    }
}
