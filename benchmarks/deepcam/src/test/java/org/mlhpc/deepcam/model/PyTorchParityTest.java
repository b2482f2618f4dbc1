package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.deepcam.data.Images;
import org.mlhpc.torch.ParameterSpec;
import org.mlhpc.torch.oracle.PythonOracle;

/** Compares the network, module by module, with one written with PyTorch's modules and run by Debian's PyTorch. */
class PyTorchParityTest {
    /** Large enough that no channel of the smallest maps, 4 x 6, has a variance near zero. */
    private static final Architecture ARCHITECTURE = new Architecture(64, 96, 8, 1);

    private static final int SAMPLES = 2;

    @TempDir
    private Path directory;

    /**
     * Both work in float64, unit roundoff 1e-16, through about 80 layers; batch normalisation of maps of 2 x 4 x 6 values
     * enlarges differences by up to 1 / deviation in each. Observed are 6e-14 at most; 1e-9 of the largest value in the same tensor
     * leaves room for other processors, and a wrong stride, order, padding, dilation or constant changes it by 1e-3 or more.
     */
    @Test
    void outputsLossAndGradientsAreThoseOfPyTorch() throws Exception {
        var python = new PythonOracle(PyTorchParityTest.class, "network_oracle.py", directory);
        python.assumeModules("torch", "numpy");

        double loss = step();

        String[] answer = python.run(
                        directory.toString(), "" + ARCHITECTURE.widthDivisor(), "" + ARCHITECTURE.middleBlocks())
                .strip()
                .split("\n", -1);
        String last = answer[answer.length - 1];
        assertEquals(loss, Double.parseDouble(last.substring("loss ".length())), 1e-12 * Math.abs(loss));
        long outputs =
                Arrays.stream(answer).filter(line -> line.startsWith("output ")).count();
        long gradients = Arrays.stream(answer)
                .filter(line -> line.startsWith("gradient "))
                .count();
        long buffers =
                Arrays.stream(answer).filter(line -> line.startsWith("buffer ")).count();
        Declaration declaration = Declaration.of(ARCHITECTURE);
        assertEquals(declaration.parameters().size(), gradients);
        assertEquals(declaration.buffers().size(), buffers);
        assertTrue(outputs > 100, "modules compared: " + outputs);
        for (String line : List.of(answer).subList(0, answer.length - 1)) {
            double difference = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            assertTrue(difference < 1e-9, line);
        }
    }

    /** Writes everything that the oracle needs or compares. */
    private double step() throws IOException {
        try (var scope = new PointerScope();
                var net = new DeepCamNet(ARCHITECTURE, new LocalCommunicator(), ScalarType.Double, 5)) {
            torch.manual_seed(3);
            Tensor x = torch.rand(SAMPLES, 16, ARCHITECTURE.imageHeight(), ARCHITECTURE.imageWidth())
                    .to(ScalarType.Double);
            Tensor labels = torch.rand(SAMPLES, ARCHITECTURE.imageHeight(), ARCHITECTURE.imageWidth())
                    .mul(new org.bytedeco.pytorch.Scalar(3))
                    .to(ScalarType.Long);
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            inputs.put("x", x);
            inputs.put("labels", labels.to(ScalarType.Double));
            List<ParameterSpec> specs = Declaration.of(ARCHITECTURE).parameters();
            for (int i = 0; i < specs.size(); i++) {
                inputs.put(
                        "parameter " + specs.get(i).name(),
                        net.parameters().tensors().get(i).detach());
            }
            write("inputs", inputs);
            Map<String, Tensor> found = new LinkedHashMap<>();
            Tensor loss = net.loss(
                    new Images(x, labels, SAMPLES),
                    (name, output, last) ->
                            found.put("output " + name, output.detach().clone()));
            loss.backward();
            for (int i = 0; i < specs.size(); i++) {
                found.put(
                        "gradient " + specs.get(i).name(),
                        net.parameters().tensors().get(i).grad());
            }
            List<org.mlhpc.torch.Buffers.Spec> buffers =
                    Declaration.of(ARCHITECTURE).buffers();
            for (int i = 0; i < buffers.size(); i++) {
                found.put(
                        "buffer " + buffers.get(i).name(),
                        net.buffers().tensors().get(i));
            }
            write("outputs", found);
            return loss.item_double();
        }
    }

    /** A line for each tensor with its shape and name, and a file with the float64 values of all. */
    private void write(String name, Map<String, Tensor> tensors) throws IOException {
        var index = new StringBuilder();
        try (OutputStream out = Files.newOutputStream(directory.resolve(name + ".f64"))) {
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                String shape = Arrays.toString(entry.getValue().shape()).replace(" ", "");
                index.append(shape).append(' ').append(entry.getKey()).append('\n');
                Tensor contiguous = entry.getValue().contiguous();
                double[] values = new double[(int) contiguous.numel()];
                contiguous.data_ptr_double().get(values);
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asDoubleBuffer().put(values);
                out.write(bytes.array());
            }
        }
        Files.writeString(directory.resolve(name + ".txt"), index);
    }
}
