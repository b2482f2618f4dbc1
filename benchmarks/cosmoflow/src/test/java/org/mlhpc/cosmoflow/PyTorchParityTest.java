package org.mlhpc.cosmoflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Trainer;
import org.mlhpc.cosmoflow.data.Volumes;
import org.mlhpc.torch.oracle.PythonOracle;

/** Compares a training step with an independent implementation in Debian's PyTorch, run in float64. */
class PyTorchParityTest {
    private static final int SAMPLES = 2;
    private static final int SIDE = 32;
    private static final double L2 = 0.01;
    private static final double RATE = 0.05;

    @TempDir
    private Path directory;

    /**
     * The oracle works in float64, ours in float32, whose unit roundoff is 6e-8. The loss is a mean of few numbers: some
     * roundings, 1e-6. A gradient is a sum over up to 2 x 32^3 cells after six layers; 1e-4 of the largest value in the same
     * tensor covers the growth of rounding with the root of their number. A wrong kernel, slope, order of axes or factor
     * changes it by more than 1e-2.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void lossAndGradientsAreThoseOfPyTorch(int kernel) throws Exception {
        var python = new PythonOracle(PyTorchParityTest.class, "step_oracle.py", directory);
        python.assumeModules("torch", "numpy");

        double loss = step(kernel);

        String answer = python.run(directory.toString(), "" + SAMPLES, "" + SIDE, "" + RATE, "" + L2);
        String[] numbers = answer.strip().split(" ", 3);
        assertEquals(Double.parseDouble(numbers[0]), loss, 1e-6 * Math.abs(loss));
        assertTrue(Double.parseDouble(numbers[1]) < 1e-4, "gradients: " + answer);
        assertTrue(Double.parseDouble(numbers[2]) < 1e-6, "update: " + answer);
    }

    private double step(int kernel) throws IOException {
        Settings settings = new CosmoFlow()
                .settings("reference")
                .with(Map.of(
                        "sample_size",
                        "" + SIDE,
                        "conv_filters",
                        "4",
                        "conv_kernel",
                        "" + kernel,
                        "dropout",
                        "0",
                        "opt_weight_decay",
                        "" + L2,
                        "base_lr",
                        "" + RATE,
                        "lr_warmup_epochs",
                        "0",
                        "lr_scaling",
                        "none"));
        torch.manual_seed(3);
        Tensor x = torch.rand(SAMPLES, 4, SIDE, SIDE, SIDE);
        Tensor y = torch.rand(SAMPLES, 4);
        write(x, y);
        try (Trainer<Volumes> trainer = new CosmoFlow()
                .newTrainer(new RunContext(new LocalCommunicator(), settings, 1, PhaseClock.none(), 2))) {
            trainer.exportWeights(directory.resolve("before.safetensors"));
            trainer.startEpoch(1);
            double loss = trainer.step(new Volumes(x, y, SAMPLES));
            trainer.saveState(directory.resolve("after.safetensors"));
            return loss;
        }
    }

    private void write(Tensor... tensors) throws IOException {
        try (var out = Files.newOutputStream(directory.resolve("batch.f32"))) {
            for (Tensor tensor : tensors) {
                float[] values = new float[(int) tensor.numel()];
                tensor.data_ptr_float().get(values);
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                out.write(bytes.array());
            }
        }
    }
}
