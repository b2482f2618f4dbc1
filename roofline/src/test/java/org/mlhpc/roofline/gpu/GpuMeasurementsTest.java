package org.mlhpc.roofline.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Measures devices whose rates are known, by running the real kernels in an interpreter that counts what they do. */
class GpuMeasurementsTest {
    private static final GpuTimer TIMER = new GpuTimer(2, 2e-3);
    /** Kernels of arithmetic end with seven multiply-adds that are not counted, after at least 128. */
    private static final double UNCOUNTED = 0.06;

    private static final int AMPERE = 80;
    private static final int HOPPER = 90;

    @ParameterizedTest
    @ValueSource(strings = {"read", "copy", "triad"})
    void bytes_are_those_that_kernels_move(String operation) throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE));
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            var traffic = new GpuTraffic(context, TIMER);
            assertRate(FakeGpu.BYTES_PER_SECOND, traffic.memory(operation), 1e-9);
            assertRate(FakeGpu.BYTES_PER_SECOND, traffic.l2(operation), 1e-9);
        }
        assertEquals(0, gpu.open());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp64", "fp32", "fp16", "bf16"})
    void flop_of_loops_are_those_that_kernels_do(String precision) throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE));
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            assertRate(FakeGpu.FLOP_PER_SECOND, new GpuArithmetic(context, TIMER).loop(precision), UNCOUNTED);
        }
        assertEquals(0, gpu.open());
    }

    /** A repeat is 131 statements of each thread, at a statement by cycle, and 1024 threads do 256 FLOP each in that time. */
    @Test
    void the_clock_is_cycles_by_time() throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE));
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            double expected = 131 / (1024 * 256 / FakeGpu.FLOP_PER_SECOND);
            assertEquals(expected, new GpuArithmetic(context, TIMER).clockHertz(), expected * UNCOUNTED);
        }
        assertEquals(0, gpu.open());
    }

    /** On 7.0 the first matrix units, on 8.0 and 9.0 wider ones, of fp64 wider still on 9.0. */
    @ParameterizedTest
    @CsvSource({"fp16, 70", "fp16, 80", "bf16, 80", "tf32, 80", "fp64, 80", "fp64, 90"})
    void flop_of_matrix_units_are_those_that_kernels_do(String precision, int capability) throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, capability));
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            assertRate(FakeGpu.FLOP_PER_SECOND, new GpuArithmetic(context, TIMER).matrix(precision), 1e-9);
        }
        assertEquals(0, gpu.open());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp16", "bf16", "tf32"})
    void flop_of_warp_groups_are_those_that_kernels_do(String precision) throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, HOPPER));
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            assertRate(FakeGpu.FLOP_PER_SECOND, new GpuArithmetic(context, TIMER).groupMatrix(precision), 1e-9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp64", "fp32", "tf32", "fp16", "bf16"})
    void a_library_is_timed_and_checked(String precision) throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE));
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            assertRate(FakeGpu.FLOP_PER_SECOND, new GpuProducts(context, TIMER).rates(precision), 1e-9);
        }
        assertEquals(0, gpu.open());
    }

    /** The two directions of a link do not share its rate, and both at once are counted together. */
    @ParameterizedTest
    @EnumSource(GpuLinks.Direction.class)
    void links_are_timed_by_direction(GpuLinks.Direction direction) throws GpuException {
        double expected = FakeGpu.LINK_BYTES_PER_SECOND * (direction == GpuLinks.Direction.BOTH ? 2 : 1);
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE), FakeGpu.device(1, AMPERE));
        try (GpuContext first = gpu.open(gpu.devices().get(0));
                GpuContext second = gpu.open(gpu.devices().get(1))) {
            var links = new GpuLinks(TIMER);
            assertRate(expected, links.host(first, direction), 1e-9);
            assertRate(expected, links.peers(first, second, direction), 1e-9);
        }
        assertEquals(0, gpu.open());
    }

    private static void assertRate(double expected, GpuRates rates, double share) {
        assertEquals(Optional.empty(), rates.fault());
        assertEquals(expected, rates.perSecond().median(), expected * share);
        assertEquals(2, rates.perSecond().count());
    }

    @Test
    void wrong_results_are_a_fault() throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, HOPPER)).broken();
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            var traffic = new GpuTraffic(context, TIMER);
            var arithmetic = new GpuArithmetic(context, TIMER);
            assertFault("did not read each word", traffic.l2("read"));
            assertFault("wrong numbers", traffic.l2("copy"));
            assertFault("wrong numbers", traffic.l2("triad"));
            assertFault("fixed point", arithmetic.loop("fp32"));
            assertFault("do not grow", arithmetic.matrix("bf16"));
            assertFault("do not grow", arithmetic.groupMatrix("bf16"));
            assertFault("product of ones", new GpuProducts(context, TIMER).rates("fp16"));
        }
    }

    private static void assertFault(String words, GpuRates rates) {
        assertTrue(rates.fault().orElseThrow().contains(words), rates.toString());
    }

    @Test
    void what_a_device_lacks_is_said() throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, 70));
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            var arithmetic = new GpuArithmetic(context, TIMER);
            assertMessage("compute capability 7.0 has no bf16 multiply-adds", () -> arithmetic.loop("bf16"));
            assertMessage(
                    "compute capability 7.0 has no tf32 on matrix units; no fix: ", () -> arithmetic.matrix("tf32"));
            assertMessage("compute capability 7.0 has no fp16 products", () -> arithmetic.groupMatrix("fp16"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuMemAlloc", "cuModuleLoadData", "cuLaunchKernel"})
    void an_error_names_its_call_and_leaves_nothing_open(String call) throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE)).failing(call, "CUDA_ERROR_ECC_UNCORRECTABLE");
        try (GpuContext context = gpu.open(gpu.devices().get(0))) {
            assertMessage(call + ": CUDA_ERROR_ECC_UNCORRECTABLE", () -> new GpuTraffic(context, TIMER).l2("triad"));
        }
        assertEquals(0, gpu.open());
    }

    @Test
    void arrays_that_the_cache_would_hold_are_refused() throws GpuException {
        var gpu = new FakeGpu(FakeGpu.device(0, AMPERE));
        try (GpuContext context = gpu.open(gpu.devices().get(0));
                GpuContext.Buffer others = context.allocate(context.freeBytes() - (1 << 20))) {
            assertTrue(others.bytes() > 0);
            assertMessage("only 1 MiB of the device are free", () -> new GpuTraffic(context, TIMER).memory("read"));
        }
    }

    @Test
    void a_cache_whose_size_is_not_told_comes_with_what_to_do() throws GpuException {
        var device = new GpuDevice(0, "Virtual", AMPERE, 1, 1e9, 1e9, 32, 0, 8 << 20, true, "0000:00:00.0");
        try (GpuContext context = new FakeGpu(device).open(device)) {
            var traffic = new GpuTraffic(context, TIMER);
            GpuException e = assertThrows(GpuException.class, () -> traffic.l2("read"));
            assertTrue(e.fix().contains("newer driver"), e.fix());
        }
    }

    private static void assertMessage(String begin, org.junit.jupiter.api.function.Executable executable) {
        String message = assertThrows(GpuException.class, executable).getMessage();
        assertTrue(message.startsWith(begin), message);
    }
}
