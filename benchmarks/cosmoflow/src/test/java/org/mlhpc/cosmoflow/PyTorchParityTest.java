package org.mlhpc.cosmoflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

/** Compares a training step with an independent implementation in Debian's PyTorch, run in float64. */
class PyTorchParityTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final int SAMPLES = 2;
    private static final int SIDE = 32;
    private static final double L2 = 0.01;
    private static final double RATE = 0.05;

    @TempDir
    private Path directory;

    /**
     * The oracle works in float64, ours in float32: the loss may differ by a few float32 roundings (1e-6). The change of a
     * weight of size 0.2 by about 1e-3 is itself rounded to 1e-8, so relative to the largest change 1e-4 is what float32 can
     * promise; a wrong kernel, slope, order of axes or factor changes it by more than 1e-2.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void lossAndGradientsAreThoseOfPyTorch(int kernel) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)), "needs " + PYTHON);
        assumeTrue(python("-c", "import torch, numpy").startsWith("0"), "needs apt-get install python3-torch");

        double loss = step(kernel);

        Path script = directory.resolve("step_oracle.py");
        try (InputStream in = PyTorchParityTest.class.getResourceAsStream("step_oracle.py")) {
            Files.copy(in, script);
        }
        String answer = python(script.toString(), directory.toString(), "" + SAMPLES, "" + SIDE, "" + RATE, "" + L2);
        assertTrue(answer.startsWith("0 "), answer);
        String[] numbers = answer.strip().split(" ", 3);
        assertEquals(Double.parseDouble(numbers[1]), loss, 1e-6 * Math.abs(loss));
        assertTrue(Double.parseDouble(numbers[2]) < 1e-4, answer);
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
            trainer.exportWeights(directory.resolve("after.safetensors"));
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

    /** Exit code and what it printed. */
    private String python(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("python.out");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // Another libtorch must not see the allocator and libraries of this process.
        builder.environment().remove("LD_PRELOAD");
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return "timeout";
        }
        return process.exitValue() + " " + Files.readString(output, StandardCharsets.UTF_8);
    }
}
