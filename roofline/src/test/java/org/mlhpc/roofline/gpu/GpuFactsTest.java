package org.mlhpc.roofline.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.roofline.PciExpress;

/** Peaks against the vendor's data sheets, formats of numbers, errors in words. */
class GpuFactsTest {
    private static final GpuDevice V100 = device(70, 80, 1530, 877, 4096);
    private static final GpuDevice A100 = device(80, 108, 1410, 1215, 5120);
    private static final GpuDevice H100 = device(90, 132, 1980, 2619, 5120);
    private static final double TERA = 1e12;

    private static GpuDevice device(int capability, int processors, int megahertz, int memoryMegahertz, int bus) {
        return new GpuDevice(
                0, "", capability, processors, megahertz * 1e6, memoryMegahertz * 1e6, bus, 0, 0, true, "0000:01:00.0");
    }

    /** NVIDIA's data sheets, dense, in TFLOP/s; they round, hence one percent. The H100's are for 1830 MHz on matrix units. */
    @Test
    void arithmetic_peaks_are_those_of_the_data_sheets() {
        assertPeak(7.8, GpuPeaks.loop(V100, "fp64"));
        assertPeak(15.7, GpuPeaks.loop(V100, "fp32"));
        assertPeak(125, GpuPeaks.matrix(V100, "fp16"));
        assertPeak(9.7, GpuPeaks.loop(A100, "fp64"));
        assertPeak(19.5, GpuPeaks.loop(A100, "fp32"));
        assertPeak(78, GpuPeaks.loop(A100, "fp16"));
        assertPeak(39, GpuPeaks.loop(A100, "bf16"));
        assertPeak(19.5, GpuPeaks.matrix(A100, "fp64"));
        assertPeak(156, GpuPeaks.matrix(A100, "tf32"));
        assertPeak(312, GpuPeaks.matrix(A100, "bf16"));
        assertPeak(33.5, GpuPeaks.loop(H100, "fp64"));
        assertPeak(66.9, GpuPeaks.loop(H100, "fp32"));
        assertPeak(66.9, GpuPeaks.matrix(H100, "fp64"));
        assertPeak(989.4 * 1980 / 1830, GpuPeaks.matrix(H100, "fp16"));
    }

    @Test
    void memory_peaks_are_those_of_the_data_sheets() {
        assertPeak(0.9, GpuPeaks.memory(V100));
        assertPeak(1.555, GpuPeaks.memory(A100));
        assertPeak(3.35, GpuPeaks.memory(H100));
    }

    private static void assertPeak(double tera, Optional<Double> peak) {
        assertEquals(tera, peak.orElseThrow() / TERA, tera * 0.01);
    }

    @Test
    void what_is_not_known_has_no_peak() {
        assertEquals(Optional.empty(), GpuPeaks.matrix(V100, "tf32"));
        assertEquals(Optional.empty(), GpuPeaks.loop(V100, "bf16"));
        assertEquals(Optional.empty(), GpuPeaks.loop(device(250, 1, 1000, 1000, 1), "fp32"));
        assertEquals(Optional.empty(), GpuPeaks.loop(device(80, 108, 0, 0, 0), "fp32"));
        assertEquals(Optional.empty(), GpuPeaks.memory(device(80, 108, 0, 0, 0)));
    }

    /** GB/s by lane after the line code, as the PCI-SIG gives them: 0.25, 0.5, 0.985, 1.969, 3.938; of FLITs 8 less CRC and FEC. */
    @ParameterizedTest
    @CsvSource({
        "2.5 GT/s PCIe, 16, 4",
        "5.0 GT/s PCIe, 1, 0.5",
        "8.0 GT/s PCIe, 16, 15.754",
        "16.0 GT/s PCIe, 16, 31.508",
        "32.0 GT/s PCIe, 8, 31.508",
        "64.0 GT/s PCIe, 16, 121"
    })
    void links_carry_what_speed_and_width_allow(String speed, String width, double gigabytes) {
        assertEquals(gigabytes, PciExpress.bytesPerSecond(speed, width).orElseThrow() / 1e9, 1e-3);
    }

    @Test
    void a_link_that_the_kernel_does_not_describe_has_no_peak(@TempDir Path devices) throws IOException {
        assertEquals(Optional.empty(), PciExpress.bytesPerSecond("Unknown", "16"));
        assertEquals(Optional.empty(), PciExpress.bytesPerSecond("16.0 GT/s PCIe", "0"));
        assertEquals(Optional.empty(), PciLink.bytesPerSecond(devices, A100));
        Path folder = Files.createDirectory(devices.resolve("0000:01:00.0"));
        Files.writeString(folder.resolve("max_link_speed"), "16.0 GT/s PCIe\n");
        Files.writeString(folder.resolve("current_link_width"), "16\n");
        assertEquals(31.508e9, PciLink.bytesPerSecond(devices, A100).orElseThrow(), 1e6);
    }

    /** IEEE 754 binary16, and bfloat16 as the upper half of binary32. */
    @Test
    void numbers_are_stored_as_devices_expect_them() {
        assertArrayEquals(new byte[] {0, 0x3c, 0, (byte) 0xb8, 0, 0}, Numbers.FP16.encode(1, -0.5, 0));
        assertArrayEquals(new byte[] {(byte) 0x80, 0x3f, (byte) 0x80, (byte) 0xc0}, Numbers.BF16.encode(1, -4));
        assertArrayEquals(new double[] {1, -7}, Numbers.FP64.decode(Numbers.FP64.encode(1, -7)));
        assertArrayEquals(new double[] {3}, Numbers.TF32.decode(Numbers.TF32.encode(3)));
    }

    @ParameterizedTest
    @CsvSource({
        "CUDA_ERROR_NO_DEVICE, CUDA_VISIBLE_DEVICES",
        "CUDA_ERROR_OPERATING_SYSTEM, /dev/nvidia",
        "CUDA_ERROR_SYSTEM_NOT_READY, fabricmanager",
        "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, restart after its update",
        "CUDA_ERROR_UNSUPPORTED_PTX_VERSION, newer driver",
        "CUDA_ERROR_LAUNCH_TIMEOUT, display",
        "CUDA_ERROR_ILLEGAL_ADDRESS, Xid in dmesg",
        "CUDA_ERROR_LAUNCH_FAILED, Xid in dmesg",
        "CUBLAS_STATUS_ALLOC_FAILED, nvidia-smi lists them"
    })
    void an_error_comes_with_what_to_do(String error, String fix) {
        GpuException e = GpuException.of("cuInit", error);
        assertEquals("cuInit: " + error, e.getMessage());
        assertTrue(e.fix().contains(fix), e.fix());
    }

    /** The message is JCuda's, shortened, of a machine without a driver and of one with an old one. */
    @Test
    void a_library_that_is_not_there_is_told_from_one_that_is_old() {
        String begin =
                """
                Error while loading native library "JCudaDriver-12.6.0-linux-x86_64"
                java.lang.UnsatisfiedLinkError: no JCudaDriver-12.6.0-linux-x86_64 in java.library.path
                java.lang.UnsatisfiedLinkError: /tmp/libJCudaDriver-12.6.0-linux-x86_64.so:\s""";
        GpuException none = CudaDriver.notLoaded(begin
                + "libcuda.so.1: cannot open shared object file: No such file or directory\n\tat jcuda.X(Y.java:1)");
        assertTrue(none.getMessage().startsWith("no libcuda.so.1"), none.getMessage());
        GpuException old = CudaDriver.notLoaded(begin + "undefined symbol: cuGreenCtxCreate\n\tat jcuda.X(Y.java:1)");
        assertTrue(old.getMessage().endsWith("undefined symbol: cuGreenCtxCreate"), old.getMessage());
        assertTrue(old.fix().contains("CUDA 12"), old.fix());
    }

    @Test
    void libraries_are_unpacked_where_nobody_else_writes() throws GpuException {
        String usual = System.getProperty("java.io.tmpdir");
        var seen = new AtomicReference<Path>();
        int result = PrivateUnpacking.first(() -> {
            Path folder = Path.of(System.getProperty("java.io.tmpdir"));
            seen.set(folder);
            try {
                assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
                Files.writeString(folder.resolve("lib.so"), "x");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return 7;
        });
        assertEquals(7, result);
        assertEquals(usual, System.getProperty("java.io.tmpdir"));
        assertFalse(Files.exists(seen.get()));
    }

    /** On any machine: either a driver with devices, or a reason in words. */
    @Test
    void this_machine_has_devices_or_says_why_not() {
        try {
            assertFalse(CudaDriver.find().devices().isEmpty());
        } catch (GpuException e) {
            assertTrue(
                    String.valueOf(e.getMessage()).matches("(?s)no libcuda.*|JCuda cannot.*|cu[A-Z].*"),
                    e.getMessage());
        }
    }
}
