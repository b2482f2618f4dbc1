package org.mlhpc.roofline.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loops compile without a warning for every width of vectors, and compute what they say where the processor can run them. */
class KernelBuildsTest {
    private static final List<String> STRICT = List.of("-Wall", "-Wextra", "-Werror");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "-march=x86-64, 16, sse2",
        "-march=sandybridge, 32, avx",
        "-march=haswell, 32, avx avx2 fma bmi2 movbe",
        "-march=skylake-avx512, 64, avx512f avx512dq avx512cd avx512bw avx512vl",
        "-march=skylake-avx512 -mavx512bf16, 64, avx512f avx512dq avx512cd avx512bw avx512vl avx512_bf16",
    })
    void loops_are_right_on_processors_of_each_width(String options, int vectorBytes, String flags)
            throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the options are those of x86-64");
        Path library = compile(options.split(" ", -1));
        assumeTrue(ownFlags().containsAll(List.of(flags.split(" ", -1))), "this processor is not one of " + flags);
        assertEquals(vectorBytes, assertLoopsAreRight(library));
    }

    @Test
    void loops_are_right_on_this_processor() throws IOException, InterruptedException {
        assertTrue(assertLoopsAreRight(compile("-march=native")) >= 16);
    }

    private Path compile(String... options) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "no C compiler");
        var all = new ArrayList<>(STRICT);
        all.addAll(Arrays.asList(options));
        return KernelCompiler.compileKernels("cc", folder, all);
    }

    private static Set<String> ownFlags() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            String flags =
                    lines.filter(line -> line.startsWith("flags")).findFirst().orElse("flags:");
            return Set.of(flags.substring(flags.indexOf(':') + 1).strip().split(" ", -1));
        }
    }

    /** In a JVM of its own, since one can have the loops from a single library. Returns the width of vectors. */
    private static int assertLoopsAreRight(Path library) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Results.class.getName(),
                        library.toString())
                // Newer JDKs warn there of native code.
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = program.inputReader()) {
            List<String> printed = lines.lines().toList();
            assertTrue(program.waitFor(30, TimeUnit.SECONDS));
            assertEquals(0, program.exitValue(), printed::toString);
            assertEquals(Results.EXPECTED, printed.subList(1, printed.size()));
            return Integer.parseInt(printed.get(0));
        } finally {
            program.destroyForcibly();
        }
    }

    /** Prints what the loops compute. */
    static final class Results {
        /**
         * All are ones: reading adds 640 of them and the first; a copy leaves a one; a triad makes 1 + 3 · 1, and again. Accumulators of
         * multiply-adds, s = s / 2 + 1/4, end at 1/2, a quarter of their two FLOP; those of bf16 keep 0, 1, 2 ..., on average half
         * of the last.
         */
        static final List<String> EXPECTED = List.of(
                "READ 641.0",
                "COPY 1.0",
                "TRIAD 4.0",
                "COPY_STREAM 1.0",
                "TRIAD_STREAM 4.0",
                "FMA_FP64 0.25",
                "FMA_FP32 0.25",
                "FMA_BF16 true");

        private static final int ELEMENTS = 640;
        private static final int ENOUGH_TO_CONVERGE = 200;
        private static final double AVX512_BF16_SUM = 16.0 * 24 * 23 / 2;

        public static void main(String[] arguments) {
            NativeKernels.load(Path.of(arguments[0]));
            System.out.println(NativeKernels.vectorBytes());
            long address = NativeKernels.allocate(3, ELEMENTS);
            for (Kernel kernel : Kernel.values()) {
                System.out.println(kernel + " " + (kernel.arrays() > 0 ? moved(kernel, address) : computed(kernel)));
            }
            NativeKernels.release(address);
        }

        private static Object moved(Kernel kernel, long address) {
            return NativeKernels.run(kernel.code(), address, ELEMENTS, kernel == Kernel.READ ? 1 : 2);
        }

        private static Object computed(Kernel kernel) {
            double sum = NativeKernels.run(kernel.code(), 0, 0, ENOUGH_TO_CONVERGE);
            return kernel == Kernel.FMA_BF16
                    ? sum == (NativeKernels.hasBf16() ? AVX512_BF16_SUM : 0)
                    : sum / NativeKernels.flopPerPass(kernel);
        }
    }
}
