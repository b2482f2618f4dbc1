package org.mlhpc.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.Engine;
import org.mlhpc.api.FileErrors;

/** libtorch on the CPU. */
public final class TorchEngine implements Engine {
    /**
     * Unpacks all of the library before loading any of it: a part that needs another one, not unpacked yet, would get that of
     * a libtorch that the system has installed, of another version, and the process would crash.
     */
    @Override
    public void start() {
        try {
            Loader.cacheResources(torch.class, Loader.getPlatform() + "/");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot unpack libtorch: " + FileErrors.message(e)
                            + "; MLHPC_CACHE chooses a folder with 500 MB free",
                    e);
        }
        Loader.load(torch.class);
    }

    @Override
    public String name() {
        try (BytePointer capability = torch.get_cpu_capability()) {
            String version = torch.class.getPackage().getImplementationVersion();
            return "libtorch " + (version == null ? "of unknown version" : version) + " (" + capability.getString()
                    + ")";
        }
    }

    @Override
    public String accelerator() {
        return "";
    }

    @Override
    public List<String> fastPrecisions() {
        return CpuFlags.ofThisMachine().containsAnyOf("avx512_bf16", "amx_bf16")
                ? List.of("fp64", "fp32", "bf16")
                : List.of("fp64", "fp32");
    }

    @Override
    public double[] matmulFlopPerSecond(String precision, int threads, int iterations, int iterationMillis) {
        ScalarType type = type(precision);
        start();
        ComputeThreads.set(threads);
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            return new SquareProduct(type, SquareProduct.side(threads))
                    .rates(new Iterations(iterations, iterationMillis));
        }
    }

    @Override
    public double[] convolutionFlopPerSecond(String precision, int threads, int iterations, int iterationMillis) {
        ScalarType type = type(precision);
        start();
        ComputeThreads.set(threads);
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            return new CubeConvolution(type, threads).rates(new Iterations(iterations, iterationMillis));
        }
    }

    /** @throws IllegalArgumentException if there is no such precision */
    static ScalarType type(String precision) {
        return switch (precision) {
            case "fp64" -> ScalarType.Double;
            case "fp32" -> ScalarType.Float;
            case "bf16" -> ScalarType.BFloat16;
            default ->
                throw new IllegalArgumentException("precision '" + precision + "' is none of fp64, fp32 and bf16");
        };
    }

    @Override
    public long nativeBytes() {
        return Pointer.totalBytes();
    }
}
