package org.mlhpc.oc20;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.oc20.data.GraphBatch;
import org.mlhpc.torch.OperatorProbe;
import org.mlhpc.torch.ParameterSpec;
import org.mlhpc.torch.Parameters;

/** The network: energies of atoms from the edges between them, and forces as derivatives of their sum. */
final class DimeNet implements AutoCloseable {
    /** Operators beside the blocks of the network. */
    static final String EMBEDDING = "embedding";

    static final String FORCES = "forces";

    private final Architecture architecture;
    private final Parameters parameters;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final RadialBasis basis;

    /**
     * What the network says.
     *
     * @param energies normalised, by graph, [graphs]
     * @param forces normalised, by atom, [N, 3]
     */
    record Prediction(Tensor energies, Tensor forces) {}

    /** @param type float, or double for checking derivatives */
    DimeNet(Architecture architecture, ScalarType type, long seed) {
        this.architecture = architecture;
        List<ParameterSpec> specs = architecture.parameters();
        this.parameters = new Parameters(specs, type, seed);
        for (int i = 0; i < specs.size(); i++) {
            weights.put(specs.get(i).name(), parameters.tensors().get(i));
        }
        InitialWeights.fill(weights, seed);
        this.basis = new RadialBasis(architecture);
    }

    Parameters parameters() {
        return parameters;
    }

    /** @param training whether the forces will be differentiated by the weights */
    Prediction predict(GraphBatch batch, boolean training, OperatorProbe probe) {
        try (var gradients = new AutoGradMode(true)) {
            Tensor vectors = batch.vectors()
                    .detach()
                    .to(parameters.tensors().get(0).scalar_type())
                    .clone()
                    .set_requires_grad(true);
            Tensor atomEnergies = energies(batch, vectors, probe);
            Tensor slopes = torch.grad(
                            new TensorVector(atomEnergies.sum()),
                            new TensorVector(vectors),
                            new TensorVector(),
                            new BoolOptional(training),
                            training,
                            false)
                    .get(0);
            // A vector is the source's position minus the target's, and a force the negative slope of the energy.
            Tensor forces = Rows.sum(slopes, batch.target(), batch.atoms())
                    .sub(Rows.sum(slopes, batch.source(), batch.atoms()));
            probe.after(FORCES, forces);
            return new Prediction(
                    Rows.sum(atomEnergies, batch.graph(), batch.samples()).squeeze(1), forces);
        }
    }

    /** Energy of each atom, [N, 1]. */
    private Tensor energies(GraphBatch batch, Tensor vectors, OperatorProbe probe) {
        Tensor distance = vectors.square().sum(1).sqrt().unsqueeze(1);
        Tensor unit = vectors.div(distance);
        Tensor rbf = basis.ofEdges(distance, weights("rbf.freq"));
        var angular =
                new AngularSum(batch, basis.ofTriplets(distance), architecture.angleGradient() ? unit : unit.detach());
        Tensor x = embed(batch, rbf);
        probe.after(EMBEDDING, x);
        Tensor atoms = output(Architecture.outputBlock(0), x, rbf, batch);
        Tensor energies = readOut(Architecture.outputBlock(0), atoms);
        probe.after(Architecture.outputBlock(0), energies, atoms);
        for (int block = 0; block < architecture.numBlocks(); block++) {
            x = interact(Architecture.interactionBlock(block), x, rbf, angular);
            probe.after(Architecture.interactionBlock(block), x);
            String output = Architecture.outputBlock(block + 1);
            atoms = output(output, x, rbf, batch);
            energies = energies.add(readOut(output, atoms));
            // Forces depend on the slopes of the last activation, and not on what follows it, which is linear.
            probe.after(output, energies, atoms);
        }
        return energies;
    }

    /**
     * A message for each edge from the elements of its ends and its length. A layer on three parts side by side is the sum of
     * three layers, of which those on elements need one row per element instead of one per edge.
     */
    private Tensor embed(GraphBatch batch, Tensor rbf) {
        long channels = architecture.hiddenChannels();
        Tensor weight = weights("emb.lin.weight");
        Tensor table = weights("emb.emb.weight");
        Tensor ofTarget = torch.linear(table, weight.narrow(1, 0, channels));
        Tensor ofSource = torch.linear(table, weight.narrow(1, channels, channels));
        Tensor length = act(linear("emb.lin_rbf", rbf));
        Tensor ofLength = torch.linear(
                length, weight.narrow(1, 2 * channels, channels), new TensorOptional(weights("emb.lin.bias")));
        Tensor targetElements = torch.index_select(batch.elements(), 0, batch.target());
        Tensor sourceElements = torch.index_select(batch.elements(), 0, batch.source());
        return act(ofLength.add(Rows.take(ofTarget, targetElements)).add(Rows.take(ofSource, sourceElements)));
    }

    private Tensor interact(String block, Tensor x, Tensor rbf, AngularSum angular) {
        Tensor direct = act(linear(block + ".lin_ji", x));
        Tensor filter = product(block + ".lin_rbf2", product(block + ".lin_rbf1", rbf));
        Tensor messages = act(linear(block + ".lin_kj", x)).mul(filter);
        Tensor down = act(product(block + ".lin_down", messages));
        Tensor basisWeight = torch.matmul(weights(block + ".lin_sbf2.weight"), weights(block + ".lin_sbf1.weight"));
        Tensor up = act(product(block + ".lin_up", angular.of(down, basisWeight)));
        Tensor h = direct.add(up);
        for (int layer = 0; layer < architecture.numBeforeSkip(); layer++) {
            h = residual(Architecture.beforeSkip(block, layer), h);
        }
        h = act(linear(block + ".lin", h)).add(x);
        for (int layer = 0; layer < architecture.numAfterSkip(); layer++) {
            h = residual(Architecture.afterSkip(block, layer), h);
        }
        return h;
    }

    private Tensor residual(String layer, Tensor x) {
        return x.add(act(linear(layer + ".lin2", act(linear(layer + ".lin1", x)))));
    }

    /** Of each atom what its last activation gets. */
    private Tensor output(String block, Tensor x, Tensor rbf, GraphBatch batch) {
        Tensor messages = product(block + ".lin_rbf", rbf).mul(x);
        Tensor received = linear(block + ".lin_up", Rows.sum(messages, batch.target(), batch.atoms()));
        Tensor atoms = linear(Architecture.outputLayer(block, 0), received);
        for (int layer = 1; layer < architecture.numOutputLayers(); layer++) {
            atoms = linear(Architecture.outputLayer(block, layer), act(atoms));
        }
        return atoms;
    }

    private Tensor readOut(String block, Tensor atoms) {
        return product(block + ".lin", act(atoms));
    }

    /** x sigmoid(x). */
    private static Tensor act(Tensor x) {
        return torch.silu(x);
    }

    private Tensor linear(String name, Tensor x) {
        return torch.linear(x, weights(name + ".weight"), new TensorOptional(weights(name + ".bias")));
    }

    private Tensor product(String name, Tensor x) {
        return torch.linear(x, weights(name + ".weight"));
    }

    private Tensor weights(String name) {
        Tensor tensor = weights.get(name);
        if (tensor == null) {
            throw new IllegalStateException("no parameter " + name);
        }
        return tensor;
    }

    @Override
    public void close() {
        parameters.close();
    }
}
