package org.mlhpc.torch;

import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.Engine;

/** libtorch on the CPU. */
public final class TorchEngine implements Engine {
    /** Large enough that the caches decide, small enough for a fraction of a second. */
    private static final long MATRIX_SIDE = 2048;

    private static final int WARM_UP_PRODUCTS = 2;

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
                ? List.of("fp32", "bf16")
                : List.of("fp32");
    }

    @Override
    public double[] matmulFlopPerSecond(String precision, int threads, int repetitions) {
        ScalarType type = precision.equals("bf16") ? ScalarType.BFloat16 : ScalarType.Float;
        torch.set_num_threads(threads);
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            Tensor a = torch.rand(MATRIX_SIDE, MATRIX_SIDE).to(type);
            Tensor b = torch.rand(MATRIX_SIDE, MATRIX_SIDE).to(type);
            Tensor product = torch.matmul(a, b);
            for (int i = 0; i < WARM_UP_PRODUCTS; i++) {
                torch.matmul_out(product, a, b);
            }
            double flop = 2.0 * MATRIX_SIDE * MATRIX_SIDE * MATRIX_SIDE;
            double[] rates = new double[repetitions];
            for (int i = 0; i < repetitions; i++) {
                long begin = System.nanoTime();
                torch.matmul_out(product, a, b);
                rates[i] = flop / ((System.nanoTime() - begin) * 1e-9);
            }
            return rates;
        }
    }

    @Override
    public long nativeBytes() {
        return Pointer.totalBytes();
    }
}
