package org.mlhpc.roofline.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must hold on any machine, however busy: nothing here depends on how fast it is. */
class KernelRunsTest {
    private static final int KIBIBYTE = 1024;

    @Test
    void arrays_fill_the_working_set_in_whole_turns() {
        assertEquals(1024, new KernelRuns(null, 1, 1).elements(Kernel.TRIAD, 24 * KIBIBYTE));
        assertEquals(1024, new KernelRuns(null, 1, 1).elements(Kernel.COPY, 16 * KIBIBYTE + 100));
        assertThrows(IllegalArgumentException.class, () -> new KernelRuns(null, 1, 1).elements(Kernel.TRIAD, 100));
    }

    @Test
    void a_missing_compiler_is_named(@TempDir Path folder) {
        String message = assertThrows(IOException.class, () -> KernelCompiler.compile("no-such-compiler", folder))
                .getMessage();
        assertEquals("no C compiler 'no-such-compiler'", message);
    }

    @Test
    void java_loops_give_a_rate_per_iteration() throws IOException {
        var runs = new KernelRuns(null, 2, 20);
        for (Kernel kernel : new Kernel[] {Kernel.READ, Kernel.COPY, Kernel.TRIAD}) {
            assertPositive(2, runs.bytesPerSecond(kernel, 24 * KIBIBYTE, 1));
        }
        assertPositive(2, runs.flopPerSecond(Kernel.FMA_FP64, 1));
    }

    @Test
    void loops_in_c_give_rates(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "no C compiler");
        Path library = KernelCompiler.compile("cc", folder);
        NativeKernels.load(library);
        var runs = new KernelRuns(library, 3, 20);
        assertPositive(3, runs.bytesPerSecond(Kernel.TRIAD, 24 * KIBIBYTE, 2));
        double fp64 = max(runs.flopPerSecond(Kernel.FMA_FP64, 1));
        assertTrue(fp64 > 0 && LoadedClock.hertz(2) >= 0);
        assertEquals(2 * NativeKernels.flopPerPass(Kernel.FMA_FP64), NativeKernels.flopPerPass(Kernel.FMA_FP32));
    }

    private static void assertPositive(int count, double[] rates) {
        assertEquals(count, rates.length);
        assertTrue(Arrays.stream(rates).allMatch(rate -> rate > 0), Arrays.toString(rates));
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }
}
