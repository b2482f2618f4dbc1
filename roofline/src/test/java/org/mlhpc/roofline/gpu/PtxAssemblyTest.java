package org.mlhpc.roofline.gpu;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetInfoLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetInfoLogSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetVersion;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** NVIDIA's own assembler, which comes with JCuda and needs no device, takes each kernel for each kind of device that it is for. */
class PtxAssemblyTest {
    private static final int[] CAPABILITIES = {70, 75, 80, 86, 89, 90};

    @BeforeAll
    static void load() throws GpuException {
        int[] version = {0};
        assertEquals(
                nvPTXCompileResult.NVPTXCOMPILE_SUCCESS,
                PrivateUnpacking.first(() -> nvPTXCompilerGetVersion(version, new int[1])));
    }

    static Stream<Arguments> kernelsAndTargets() {
        return kernels()
                .flatMap(kernel -> kernel.exact()
                        ? Stream.of(Arguments.of(kernel.name(), "sm_" + kernel.capability() + "a", kernel))
                        : IntStream.of(CAPABILITIES)
                                .filter(capability -> capability >= kernel.capability())
                                .mapToObj(capability -> Arguments.of(kernel.name(), "sm_" + capability, kernel)));
    }

    private static Stream<PtxKernel> kernels() {
        return Stream.of(
                        Arrays.stream(MemoryPtx.values()).map(MemoryPtx::kernel),
                        Arrays.stream(FmaPtx.values()).map(FmaPtx::kernel),
                        MatrixPtx.all().stream().map(MatrixPtx::kernel),
                        Arrays.stream(GroupMatrixPtx.values()).map(GroupMatrixPtx::kernel))
                .flatMap(kernels -> kernels);
    }

    /** No warning either: an instruction that is done in order instead of side by side would be one. */
    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("kernelsAndTargets")
    void assembles_without_warnings_and_keeps_registers(String name, String target, PtxKernel kernel) {
        byte[] text = (kernel.text() + '\0').getBytes(StandardCharsets.US_ASCII);
        var compiler = new nvPTXCompilerHandle();
        assertEquals(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS, nvPTXCompilerCreate(compiler, text.length, text));
        String[] options = {"--gpu-name=" + target, "--verbose"};
        int result = nvPTXCompilerCompile(compiler, options.length, options);
        String errors = errors(compiler);
        String notes = notes(compiler);
        nvPTXCompilerDestroy(compiler);
        assertEquals(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS, result, errors);
        assertFalse((errors + notes).contains("warning"), errors + notes);
        assertTrue(notes.contains(" 0 bytes spill stores, 0 bytes spill loads"), notes);
    }

    private static String errors(nvPTXCompilerHandle compiler) {
        long[] size = {0};
        nvPTXCompilerGetErrorLogSize(compiler, size);
        byte[] log = new byte[(int) size[0] + 1];
        nvPTXCompilerGetErrorLog(compiler, log);
        return new String(log, StandardCharsets.US_ASCII);
    }

    private static String notes(nvPTXCompilerHandle compiler) {
        long[] size = {0};
        nvPTXCompilerGetInfoLogSize(compiler, size);
        byte[] log = new byte[(int) size[0] + 1];
        nvPTXCompilerGetInfoLog(compiler, log);
        return new String(log, StandardCharsets.US_ASCII);
    }
}
