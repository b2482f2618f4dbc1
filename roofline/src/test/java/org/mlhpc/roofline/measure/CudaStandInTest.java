package org.mlhpc.roofline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.roofline.ceilings.MeasuredAccelerator;
import org.mlhpc.roofline.gpu.CudaDriver;

/** Makes all calls to the driver through JCuda, in a JVM of its own, against {@code libcuda.c} in the place of the driver's library. */
class CudaStandInTest {
    private static final long LIMIT_SECONDS = 120;

    @TempDir
    private static Path folder;

    /** What runs in the other JVM: prints a line for each ceiling, condition that warns, and missing thing. */
    public static final class Main {
        public static void main(String[] arguments) throws IOException {
            var findings = new Findings();
            var effort = new Effort(2, 10, 1, 1, 4);
            try (var steps = AcceleratorSteps.open(CudaDriver::find, Path.of("/nowhere"), effort, findings)) {
                Step.runAll(steps.steps(), findings, (label, number, count, left) -> {});
            }
            for (MeasuredAccelerator device : findings.accelerators()) {
                System.out.println(device.name() + ": " + device.model() + ", " + device.computeCapability());
                device.ceilings()
                        .forEach(ceiling -> System.out.printf(
                                "%s %s: %.3e %s%n",
                                device.name(),
                                ceiling.name(),
                                ceiling.rate().median(),
                                ceiling.fault().orElse("")));
            }
            findings.conditions().stream().skip(1).forEach(System.out::println);
            findings.notMeasured().forEach(System.out::println);
        }
    }

    private static List<String> run(Map<String, String> environment) throws IOException, InterruptedException {
        Path printed = folder.resolve("printed.txt");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        builder.environment().put("LD_LIBRARY_PATH", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it hangs");
        // What a JVM says of itself, such as which options it picked up or that libraries are restricted, is left out.
        List<String> lines = Files.readAllLines(printed).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("WARNING: ") && !line.startsWith("Picked up "))
                .toList();
        assertEquals(0, process.exitValue(), String.join("\n", lines));
        return lines;
    }

    private static void compile() throws IOException, InterruptedException {
        Path source = folder.resolve("libcuda.c");
        if (Files.notExists(source)) {
            try (InputStream text = CudaStandInTest.class.getResourceAsStream("libcuda.c")) {
                Files.copy(text, source);
            }
        }
        Path library = folder.resolve("libcuda.so.1");
        Process compiler;
        try {
            compiler = new ProcessBuilder("cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "needs a C compiler");
            return;
        }
        assertEquals(0, compiler.waitFor());
        // Nothing to load, so that a real one is not found either: it would want a real driver.
        Path cublas = folder.resolve("libcublas.so.12");
        if (Files.notExists(cublas)) {
            Files.createFile(cublas);
        }
    }

    @Test
    void all_calls_are_those_that_a_driver_accepts() throws IOException, InterruptedException {
        compile();
        List<String> lines = run(Map.of());
        assertTrue(lines.contains("accelerator 1: Stand-in 1, 9.0"), String.join("\n", lines));
        // Copies take a second for a gigabyte in each direction, and a pass as long as one array takes.
        for (String rate : List.of(
                "memory read: 1.000e+09 ",
                "memory copy: 2.000e+09 ",
                "L2 triad: 3.000e+09 ",
                "PCIe to device: 1.000e+09 ",
                "PCIe from device: 1.000e+09 ",
                "PCIe both ways: 2.000e+09 ")) {
            IntStream.of(0, 1)
                    .forEach(device -> assertTrue(
                            lines.contains("accelerator " + device + " " + rate),
                            rate + "\n" + String.join("\n", lines)));
        }
        assertTrue(lines.contains("accelerator 0 peer 1 both ways: 2.000e+09 "), String.join("\n", lines));
        assertTrue(
                lines.contains("accelerator 1: clock 2.00 GHz by the driver, 2.50 GHz under multiply-adds"),
                String.join("\n", lines));
        // Six of memory and caches, four loops, four kinds of matrix units and three of groups, three of links; peers.
        assertEquals(
                2 * 20 + 3, lines.stream().filter(line -> line.contains("e+")).count());
        assertEquals(2, lines.stream().filter(line -> line.contains("what=")).count());
        assertTrue(lines.stream()
                .filter(line -> line.contains("what="))
                .allMatch(line -> line.contains("cuBLAS of CUDA 12") && line.contains("fix=install them")));
        assertEquals(2 + 43 + 2 + 2, lines.size(), String.join("\n", lines));
    }

    @Test
    void a_driver_that_refuses_is_told_with_its_error() throws IOException, InterruptedException {
        compile();
        List<String> lines = run(Map.of("STAND_IN_ERROR", "100"));
        assertEquals(1, lines.size(), String.join("\n", lines));
        assertTrue(
                lines.get(0).contains("no device: cuInit: CUDA_ERROR_NO_DEVICE, fix=check nvidia-smi"), lines.get(0));
        assertTrue(run(Map.of("STAND_IN_ERROR", "803")).get(0).contains("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"));
    }

    /** A leaked context keeps its memory for as long as the process lives. */
    @Test
    void a_context_is_released_though_its_modules_cannot_be_unloaded() throws IOException, InterruptedException {
        compile();
        List<String> lines = run(Map.of("STAND_IN_FAILING", "cuModuleUnload"));
        for (int device : List.of(0, 1)) {
            String failure =
                    "accelerator " + device + ": was not released in order: cuModuleUnload: CUDA_ERROR_LAUNCH_FAILED";
            assertTrue(lines.contains(failure), String.join("\n", lines));
        }
        assertTrue(lines.stream().noneMatch(line -> line.contains("libcuda:")), String.join("\n", lines));
    }

    @Test
    void an_event_that_cannot_be_recorded_is_destroyed() throws IOException, InterruptedException {
        compile();
        List<String> lines = run(Map.of("STAND_IN_FAILING", "cuEventRecord"));
        assertTrue(
                lines.stream()
                        .anyMatch(line ->
                                line.contains("cuEventRecord: CUDA_ERROR_LAUNCH_FAILED, fix=measure again; if")),
                String.join("\n", lines));
        assertTrue(lines.stream().noneMatch(line -> line.contains("libcuda:")), String.join("\n", lines));
    }
}
