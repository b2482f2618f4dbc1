package org.mlhpc.oc20;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.data.AtomGraph;
import org.mlhpc.oc20.data.Edges;
import org.mlhpc.oc20.data.GraphBatch;
import org.mlhpc.torch.oracle.PythonOracle;

/** Compares the network block by block with one that lists its triplets, in Debian's PyTorch. */
class PyTorchParityTest {
    /**
     * Both work in float64 on the same vectors. What differs most is rounding in the upward recursion for spherical Bessel functions of small
     * arguments: 1e-11 of the largest radial function, which becomes 6e-11 of the largest component of a gradient behind two blocks and
     * two derivatives. A wrong term shows as 1e-2.
     */
    private static final double TOLERANCE = 1e-9;

    private static final String STD = "2.887317180633545";

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyBlockForcesAndGradientsAreThoseOfPyTorch(boolean angleGradient) throws Exception {
        var python = new PythonOracle(PyTorchParityTest.class, "dimenet_oracle.py", directory);
        python.assumeModules("torch", "numpy", "scipy");
        Settings settings = Graphs.settings().with("angle_gradient", angleGradient);
        List<AtomGraph> graphs = List.of(Graphs.graph(1), Graphs.graph(2));
        try (var scope = new PointerScope();
                var net = Graphs.net(settings, ScalarType.Double)) {
            GraphBatch batch = Graphs.batch(graphs.toArray(AtomGraph[]::new));
            given(graphs, batch);
            found(net, batch, settings);
        }
        Files.write(directory.resolve("tensors.bin"), tensors.toByteArray());

        String answer = python.run(arguments(settings, angleGradient));

        List<String> wrong = answer.lines()
                .filter(line -> !(Double.parseDouble(line.substring(line.lastIndexOf(' '))) < TOLERANCE))
                .toList();
        assertTrue(wrong.isEmpty(), String.join("\n", wrong));
        assertTrue(answer.lines().count() > 60, answer);
    }

    private String[] arguments(Settings settings, boolean angleGradient) {
        var arguments = new ArrayList<>(List.of(directory.toString(), "" + angleGradient));
        for (String key : List.of(
                "num_blocks",
                "num_spherical",
                "num_radial",
                "cutoff",
                "envelope_exponent",
                "num_before_skip",
                "num_after_skip",
                "num_output_layers")) {
            arguments.add(settings.get(key));
        }
        return arguments.toArray(String[]::new);
    }

    private void given(List<AtomGraph> graphs, GraphBatch batch) {
        var positions = new ArrayList<Double>();
        var offsets = new ArrayList<Double>();
        var images = new ArrayList<Double>();
        for (AtomGraph graph : graphs) {
            Arrays.stream(graph.positions()).forEach(positions::add);
            Edges edges = graph.edges().orElseThrow();
            for (int e = 0; e < edges.count(); e++) {
                for (int axis = 0; axis < 3; axis++) {
                    double offset = 0;
                    for (int k = 0; k < 3; k++) {
                        offset += edges.offset()[3 * e + k] * graph.cell()[3 * k + axis];
                    }
                    offsets.add(offset);
                    images.add((double) edges.offset()[3 * e + axis]);
                }
            }
        }
        put("given:positions", positions, batch.atoms(), 3);
        put("given:offset", offsets, batch.edges(), 3);
        put("given:vectors", batch.vectors());
        put("given:images", images, batch.edges(), 3);
        put("given:elements", batch.elements());
        put("given:source", batch.source());
        put("given:target", batch.target());
        put("given:graph", batch.graph());
        put("given:free", batch.free());
        put("given:forces", batch.forces());
        put("given:std", List.of(Double.parseDouble(STD)), 1);
        put("given:triplets", List.of((double) batch.triplets()), 1);
    }

    private void found(DimeNet net, GraphBatch batch, Settings settings) {
        Architecture architecture = settings.bind(Architecture.class);
        Tensor vectors = batch.vectors().to(ScalarType.Double);
        Tensor distance = vectors.square().sum(1).sqrt().unsqueeze(1);
        var basis = new RadialBasis(architecture);
        put("found:rbf", basis.ofEdges(distance, net.parameters().tensors().get(0)));
        put("found:radial", basis.ofTriplets(distance));
        DimeNet.Prediction prediction = net.predict(batch, true, (name, output, last) -> put("found:" + name, output));
        put("found:energies", prediction.energies());
        try (var training =
                new ForceTraining(net, settings.bind(ForceTraining.Objective.class), new LocalCommunicator())) {
            training.prepare(batch);
            Tensor loss = training.loss(batch);
            put("found:loss", loss.mul(new Scalar(1)));
            loss.backward();
            for (int i = 0; i < net.parameters().tensors().size(); i++) {
                String name = architecture.parameters().get(i).name();
                Tensor weight = net.parameters().tensors().get(i);
                put("weight:" + name, weight);
                put("found:gradient:" + name, weight.grad());
            }
        }
    }

    private void put(String name, Tensor tensor) {
        Tensor values = tensor.detach().to(ScalarType.Double).contiguous();
        double[] numbers = new double[(int) values.numel()];
        values.data_ptr_double().get(numbers);
        write(name, numbers, tensor.shape());
    }

    private void put(String name, List<Double> values, long... shape) {
        write(name, values.stream().mapToDouble(Double::doubleValue).toArray(), shape);
    }

    private void write(String name, double[] values, long[] shape) {
        String sizes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" "));
        tensors.writeBytes((name + " " + sizes + "\n").getBytes(StandardCharsets.US_ASCII));
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        tensors.writeBytes(bytes.array());
    }
}
