package org.mlhpc.roofline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Engine;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.NotMeasured;
import org.mlhpc.roofline.kernels.NativeKernels;

/** Peaks by a clock that is read before and after what they are peaks of. */
class LoopsTest {
    private static final Effort LEAST = new Effort(1, 10, 2 << 20, 10, 64);
    private static final Processors TWO = new Processors(2, 2);

    private final AtomicInteger readings = new AtomicInteger();

    /** The first reading is the lower one, or the higher one. */
    private IntToDoubleFunction clock(double first, double second) {
        return threads -> readings.getAndIncrement() == 0 ? first : second;
    }

    private static Loops loops(IntToDoubleFunction clock) throws IOException {
        Loops loops = Loops.prepare(false, "cc", LEAST, clock);
        if (!loops.runs().isNative()) {
            loops.close();
        }
        assumeTrue(loops.runs().isNative(), () -> loops.refusal().orElseThrow().why());
        return loops;
    }

    private static MeasuredCeiling measured(List<Step> steps, String label) throws IOException {
        return found(steps, label).ceilings().get(0);
    }

    private static Findings found(List<Step> steps, String label) throws IOException {
        var findings = new Findings();
        steps.stream()
                .filter(step -> step.label().equals(label))
                .findFirst()
                .orElseThrow()
                .action()
                .run(findings);
        return findings;
    }

    private static MeasuredCeiling plainLoop(Loops loops) throws IOException {
        return measured(ComputeSteps.of(loops, TWO, null, LEAST), "multiply-adds in fp32, 2 threads");
    }

    private static MeasuredCeiling firstCache(Loops loops, Path nothing) throws IOException {
        var caches = List.of(new CacheLevel(1, 32 << 10, 1, 2));
        var peaks = new Peaks(new Links(nothing), Map.of());
        return measured(MemorySteps.of(loops, caches, TWO, 0, peaks), "L1 read, 2 threads");
    }

    /** An engine that takes no time. */
    private static final class SteadyEngine implements Engine {
        @Override
        public void start() {}

        @Override
        public String name() {
            return "steady";
        }

        @Override
        public String accelerator() {
            return "";
        }

        @Override
        public List<String> fastPrecisions() {
            return List.of("fp32");
        }

        @Override
        public double[] matmulFlopPerSecond(String precision, int threads, int iterations, int iterationMillis) {
            return new double[] {1e9};
        }

        @Override
        public double[] convolutionFlopPerSecond(String precision, int threads, int iterations, int iterationMillis) {
            return new double[] {1e9};
        }

        @Override
        public long nativeBytes() {
            return 0;
        }
    }

    private static Optional<Double> fp32Peak(double hertz) {
        return Optional.of(ComputeSteps.peak(hertz, NativeKernels.vectorBytes(), "fp32", 2));
    }

    @Test
    void a_peak_is_by_the_higher_of_the_readings_around_the_plain_loop() throws IOException {
        try (Loops loops = loops(clock(4e9, 5e9))) {
            assertEquals(fp32Peak(5e9), plainLoop(loops).theoretical());
            assertEquals(2, readings.get());
        }
    }

    @Test
    void a_peak_is_by_the_higher_of_the_readings_around_the_loop_in_the_first_cache(@TempDir Path nothing)
            throws IOException {
        try (Loops loops = loops(clock(4e9, 5e9))) {
            double bytes = 2 * 5e9 * MemorySteps.bytesPerCycle("read", NativeKernels.vectorBytes());
            assertEquals(Optional.of(bytes), firstCache(loops, nothing).theoretical());
            assertEquals(2, readings.get());
        }
    }

    /** As that of a processor that has grown hot meanwhile. */
    @Test
    void a_clock_that_falls_later_is_that_of_before() throws IOException {
        try (Loops loops = loops(clock(5e9, 4e9))) {
            List<Step> steps = ComputeSteps.of(loops, TWO, new SteadyEngine(), LEAST);
            assertEquals(
                    fp32Peak(5e9),
                    measured(steps, "matrix products in fp32, 2 threads").theoretical());
            assertEquals(2, readings.get());
        }
    }

    @Test
    void each_number_of_threads_has_a_clock_of_its_own() throws IOException {
        try (Loops loops = loops(threads -> 5e9 / threads)) {
            assertEquals(Optional.of(5e9), loops.clockHertz(1));
            assertEquals(Optional.of(2.5e9), loops.clockHertz(2));
            assertNotEquals(loops.clockHertz(1), loops.clockHertz(4));
        }
    }

    @Test
    void a_clock_that_cannot_be_measured_makes_no_peak() throws IOException {
        try (Loops loops = loops(threads -> 0)) {
            assertEquals(Optional.empty(), plainLoop(loops).theoretical());
        }
    }

    @Test
    void what_the_processor_cannot_do_says_that_there_is_no_fix() throws IOException {
        try (Loops loops = loops(threads -> 5e9)) {
            List<Step> steps = ComputeSteps.of(loops, TWO, new SteadyEngine(), LEAST);
            NotMeasured missing = found(steps, "matrix products in fp64, 2 threads")
                    .notMeasured()
                    .get(0);
            assertTrue(missing.why().contains("; no fix: the processor"), missing.why());
            assertEquals("", missing.fix());
        }
    }

    /** Either there is a rate, or the reason comes with what to do. */
    @Test
    void bf16_is_measured_or_the_compiler_that_knows_it_is_named() throws IOException {
        try (Loops loops = loops(threads -> 5e9)) {
            Findings findings = found(ComputeSteps.of(loops, TWO, null, LEAST), "multiply-adds in bf16, 1 thread");
            assertEquals(NativeKernels.hasBf16() ? 1 : 0, findings.ceilings().size());
            assertEquals(
                    !NativeKernels.hasBf16(),
                    findings.notMeasured().stream().anyMatch(each -> each.fix().contains("gcc 10")));
        }
    }
}
