package org.mlhpc.roofline.gpu;

import static jcuda.driver.JCudaDriver.cuDeviceCanAccessPeer;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDeviceGetPCIBusId;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuInit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;

/** The driver of NVIDIA devices, through JCuda. */
public final class CudaDriver implements GpuDriver {
    private static final String LIBRARY = "libcuda.so.1";
    private static final int NAME_BYTES = 256;
    private static final int ADDRESS_BYTES = 32;
    private static final int TEN = 10;
    private static final int THOUSAND = 1000;

    private CudaDriver() {}

    /**
     * Loads and starts the driver.
     *
     * @throws GpuException if there is no driver or no device that it lets us use
     */
    public static GpuDriver find() throws GpuException {
        try {
            check("cuInit", PrivateUnpacking.first(() -> cuInit(0)));
        } catch (LinkageError e) {
            throw notLoaded(String.valueOf(e.getMessage()));
        }
        return new CudaDriver();
    }

    /** The only place that meets a missing or old driver library: JCuda loads it with its first call. */
    static GpuException notLoaded(String message) {
        String cause = message.lines()
                .map(String::strip)
                .filter(line -> line.contains(".so") && line.contains(": "))
                .reduce((first, second) -> second)
                .orElse(message.lines().findFirst().orElse("no message"));
        return message.contains(LIBRARY)
                ? new GpuException(
                        "no " + LIBRARY + ", the library of NVIDIA's driver",
                        "install the driver of the device; in a container pass the device on (docker: --gpus all, apptainer:"
                                + " --nv)")
                : new GpuException(
                        "JCuda cannot be loaded: " + cause,
                        "it needs Linux on x86_64 and a driver of CUDA 12 or newer");
    }

    static void check(String call, int result) throws GpuException {
        if (result != CUresult.CUDA_SUCCESS) {
            throw GpuException.of(call, CUresult.stringFor(result));
        }
    }

    @Override
    public String version() throws GpuException {
        int[] version = {0};
        check("cuDriverGetVersion", cuDriverGetVersion(version));
        return version[0] / THOUSAND + "." + version[0] % THOUSAND / TEN;
    }

    @Override
    public List<GpuDevice> devices() throws GpuException {
        int[] count = {0};
        check("cuDeviceGetCount", cuDeviceGetCount(count));
        var devices = new ArrayList<GpuDevice>();
        for (int i = 0; i < count[0]; i++) {
            devices.add(device(i));
        }
        if (devices.isEmpty()) {
            throw GpuException.of("cuDeviceGetCount", "CUDA_ERROR_NO_DEVICE");
        }
        return devices;
    }

    private static GpuDevice device(int index) throws GpuException {
        CUdevice device = handle(index);
        byte[] name = new byte[NAME_BYTES];
        check("cuDeviceGetName", cuDeviceGetName(name, name.length, device));
        long[] memory = {0};
        check("cuDeviceTotalMem", cuDeviceTotalMem(memory, device));
        String[] address = {""};
        check("cuDeviceGetPCIBusId", cuDeviceGetPCIBusId(address, ADDRESS_BYTES, device));
        return new GpuDevice(
                index,
                text(name),
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) * TEN
                        + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                hertz(attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE)),
                hertz(attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE)),
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH),
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE),
                memory[0],
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_ECC_ENABLED) != 0,
                text(address[0].getBytes(StandardCharsets.US_ASCII)).toLowerCase(Locale.ROOT));
    }

    private static double hertz(int kilohertz) {
        return (double) THOUSAND * kilohertz;
    }

    /** Up to the byte 0. */
    private static String text(byte[] bytes) {
        String all = new String(bytes, StandardCharsets.US_ASCII);
        int end = all.indexOf('\0');
        return (end < 0 ? all : all.substring(0, end)).strip();
    }

    private static int attribute(CUdevice device, int attribute) throws GpuException {
        int[] value = {0};
        check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    private static CUdevice handle(int index) throws GpuException {
        var device = new CUdevice();
        check("cuDeviceGet", cuDeviceGet(device, index));
        return device;
    }

    @Override
    public GpuContext open(GpuDevice device) throws GpuException {
        return CudaContext.open(device, handle(device.index()));
    }

    @Override
    public boolean reaches(GpuDevice from, GpuDevice to) throws GpuException {
        int[] can = {0};
        check("cuDeviceCanAccessPeer", cuDeviceCanAccessPeer(can, handle(from.index()), handle(to.index())));
        return can[0] != 0;
    }
}
