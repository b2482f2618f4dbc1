package org.mlhpc.roofline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.UsableMemory;
import org.mlhpc.roofline.ceilings.AcceleratorCeiling;
import org.mlhpc.roofline.ceilings.MeasuredAccelerator;
import org.mlhpc.roofline.ceilings.NotMeasured;
import org.mlhpc.roofline.gpu.FakeGpu;
import org.mlhpc.roofline.gpu.GpuDriver;
import org.mlhpc.roofline.gpu.GpuException;

class AcceleratorStepsTest {
    private static final Effort LEAST = new Effort(2, 10, 2 << 20, 10, 64);
    private static final int AMPERE = 80;

    @TempDir
    private Path folder;

    private Findings measure(GpuDriver.Finder finder, String wanted) throws IOException {
        return new MachineMeasurement(
                        Set.of(),
                        Pattern.compile(wanted),
                        folder,
                        true,
                        LEAST,
                        new Processors(2, 2),
                        new UsableMemory(1L << 30, ""),
                        Map.of(),
                        null,
                        finder)
                .measure(new LocalCommunicator(), (label, number, steps, left) -> {});
    }

    private static List<String> names(MeasuredAccelerator accelerator) {
        return accelerator.ceilings().stream().map(AcceleratorCeiling::name).toList();
    }

    private static NotMeasured missing(Findings findings, String what) {
        return findings.notMeasured().stream()
                .filter(missing -> missing.what().equals(what))
                .findFirst()
                .orElseThrow(() -> new AssertionError(findings.notMeasured().toString()));
    }

    @Test
    void all_parts_of_all_devices_are_measured() throws IOException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE), FakeGpu.device(1, AMPERE));
        Findings findings = measure(() -> gpu, "0 (memory read|cuBLAS|PCIe|peer|matrix units warp tf32)|1 L2 copy");
        MeasuredAccelerator first = findings.accelerators().get(0);
        assertEquals("8.0", first.computeCapability());
        assertEquals(
                List.of(
                        "memory read",
                        "matrix units warp tf32",
                        "cuBLAS matmul fp64",
                        "cuBLAS matmul fp32",
                        "cuBLAS matmul tf32",
                        "cuBLAS matmul fp16",
                        "cuBLAS matmul bf16",
                        "PCIe to device",
                        "PCIe from device",
                        "PCIe both ways",
                        "peer 1 to peer",
                        "peer 1 from peer",
                        "peer 1 both ways"),
                names(first));
        assertEquals(List.of("L2 copy"), names(findings.accelerators().get(1)));
        assertEquals(0, gpu.open());
    }

    /** 1 GHz, 32 bits, two words a cycle: 8 GB/s; 64 fp64 multiply-adds a cycle: 128 GFLOP/s. */
    @Test
    void peaks_stand_beside_rates() throws IOException {
        Findings findings = measure(() -> new FakeGpu(FakeGpu.device(0, AMPERE)), "memory copy|L2 copy|warp fp64");
        List<AcceleratorCeiling> ceilings = findings.accelerators().get(0).ceilings();
        assertEquals(Optional.of(8e9), ceilings.get(0).theoretical());
        assertEquals(5, ceilings.get(0).percentOfPeak().orElseThrow(), 1e-6);
        assertEquals(Optional.empty(), ceilings.get(1).theoretical());
        assertEquals(Optional.of(128e9), ceilings.get(2).theoretical());
        assertTrue(ceilings.stream().allMatch(ceiling -> ceiling.fault().isEmpty()));
    }

    /** One lane of the first generation carries 250 MB/s, of which the fake link's 100 MB/s are 40 %. */
    @Test
    void links_are_compared_with_what_the_kernel_says_of_them() throws IOException {
        Path device = Files.createDirectory(folder.resolve("0000:00:00.0"));
        Files.writeString(device.resolve("max_link_speed"), "2.5 GT/s PCIe\n");
        Files.writeString(device.resolve("current_link_width"), "1\n");
        var findings = new Findings();
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE));
        try (var steps = AcceleratorSteps.open(() -> gpu, folder, LEAST, findings)) {
            for (Step step : steps.steps()) {
                if (step.label().contains("PCIe")) {
                    step.action().run(findings);
                }
            }
        }
        for (AcceleratorCeiling ceiling : findings.accelerators().get(0).ceilings()) {
            assertEquals(40, ceiling.percentOfPeak().orElseThrow(), 1e-6, ceiling.name());
        }
        assertEquals(0, gpu.open());
    }

    @Test
    void without_a_driver_the_reason_and_the_fix_are_told() throws IOException {
        Findings findings = measure(
                () -> {
                    throw new GpuException("no libcuda.so.1", "install it");
                },
                "");
        assertEquals(
                new NotMeasured("accelerator", "no device: no libcuda.so.1", "install it"),
                missing(findings, "accelerator"));
        assertEquals(List.of(), findings.accelerators());
    }

    @Test
    void one_device_that_refuses_does_not_stop_the_rest() throws IOException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE))
                .failing("cuDevicePrimaryCtxRetain", "CUDA_ERROR_DEVICE_UNAVAILABLE");
        NotMeasured refused = missing(measure(() -> gpu, ""), "accelerator 0");
        assertEquals("cuDevicePrimaryCtxRetain: CUDA_ERROR_DEVICE_UNAVAILABLE", refused.why());
        assertTrue(refused.fix().startsWith("another process has the device to itself"), refused.fix());
    }

    @Test
    void errors_of_single_steps_are_told_and_the_rest_is_measured() throws IOException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE))
                .withoutLibrary()
                .failing("cuMemHostAlloc", "CUDA_ERROR_OUT_OF_MEMORY")
                .failing("cuDevicePrimaryCtxRelease", "CUDA_ERROR_UNKNOWN");
        Findings findings = measure(() -> gpu, "L2 read|cuBLAS|PCIe to");
        assertEquals(List.of("L2 read"), names(findings.accelerators().get(0)));
        assertEquals("no library", missing(findings, "accelerator 0 cuBLAS").why());
        assertEquals(
                "cuMemHostAlloc: CUDA_ERROR_OUT_OF_MEMORY",
                missing(findings, "accelerator 0 PCIe to device").why());
        assertTrue(findings.conditions().stream()
                .anyMatch(line -> line.startsWith("accelerator 0: was not released in order")));
    }

    @Test
    void devices_that_do_not_reach_each_other_are_told() throws IOException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE), FakeGpu.device(1, AMPERE)).withoutLinks();
        NotMeasured peer = missing(measure(() -> gpu, "L2 read"), "accelerator 0 peer 1");
        assertTrue(peer.why().contains("through the host"), peer.why());
        assertTrue(peer.fix().startsWith("nvidia-smi topo -p2p r"), peer.fix());
    }
}
