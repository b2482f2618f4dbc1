package org.mlhpc.oc20;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.data.AtomGraph;
import org.mlhpc.oc20.data.Collation;
import org.mlhpc.oc20.data.GraphBatch;
import org.mlhpc.oc20.data.RadiusGraph;
import org.mlhpc.oc20.data.Sample;

/** Small graphs and networks for tests. */
final class Graphs {
    static final double CUTOFF = 4;
    /** Fewer than there are, so that some edges lack their reverse. */
    static final RadiusGraph RADIUS = new RadiusGraph(CUTOFF, 9);

    private static final double[] CELL = {4.1, 0.3, 0, -0.4, 4.4, 0.2, 0.1, 0.5, 5.0};

    private Graphs() {}

    /** Atoms on a distorted lattice, in a cell so small that images of an atom are its own neighbours. */
    static AtomGraph graph(long seed) {
        var random = new Random(seed);
        int atoms = 4;
        double[] positions = new double[3 * atoms];
        double[] forces = new double[3 * atoms];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = (i % 3 == (i / 3) % 3 ? 2.1 : 0.0) + 0.5 * random.nextDouble();
            forces[i] = random.nextGaussian();
        }
        return graph(new int[] {29, 8, 1, 6}, positions, CELL, forces);
    }

    static AtomGraph graph(int[] elements, double[] positions, double[] cell, double[] forces) {
        boolean[] fixed = new boolean[elements.length];
        fixed[1] = true;
        var edges = Optional.of(RADIUS.of(positions, cell));
        return new AtomGraph(elements, positions, cell, forces, fixed, new int[elements.length], 0, edges, 0, 0);
    }

    static GraphBatch batch(AtomGraph... graphs) {
        var samples = new ArrayList<Sample>();
        for (AtomGraph graph : graphs) {
            samples.add(Sample.of(graph, RADIUS));
        }
        return Collation.of(samples);
    }

    static Settings settings() {
        return new OpenCatalyst()
                .settings("reference")
                .with(Map.of(
                        "hidden_channels", "12",
                        "out_emb_channels", "10",
                        "num_blocks", "2",
                        "int_emb_size", "6",
                        "basis_emb_size", "3",
                        "cutoff", "" + CUTOFF,
                        "global_batch_size", "4"));
    }

    /**
     * Of which every parameter is drawn, so that none of them is without effect. One at a time, since the ranks of a test are
     * threads that share libtorch's generator.
     */
    static synchronized DimeNet net(Settings settings, ScalarType type) {
        var net = new DimeNet(settings.bind(Architecture.class), type, 5);
        try (var noGradient = new NoGradGuard()) {
            torch.manual_seed(7);
            List<Tensor> tensors = net.parameters().tensors();
            for (Tensor tensor : tensors) {
                tensor.add_(torchNormal(tensor));
            }
        }
        return net;
    }

    private static Tensor torchNormal(Tensor like) {
        return torch.randn_like(like).mul(new Scalar(0.1));
    }
}
