package org.mlhpc.oc20;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.util.ArrayList;
import java.util.List;
import org.mlhpc.oc20.data.GraphCodec;
import org.mlhpc.torch.Initial;
import org.mlhpc.torch.ParameterSpec;

/**
 * The shape of DimeNet++ (Gasteiger et al., arXiv 2011.14115). Settings of the same names; see oc20.properties.
 *
 * @param angleGradient whether forces know that a move changes angles; the published network holds them constant
 */
record Architecture(
        int hiddenChannels,
        int outEmbChannels,
        int numBlocks,
        int intEmbSize,
        int basisEmbSize,
        int numSpherical,
        int numRadial,
        double cutoff,
        int envelopeExponent,
        int numBeforeSkip,
        int numAfterSkip,
        int numOutputLayers,
        boolean angleGradient) {
    private static final int MOST_SPHERICAL = 10;

    Architecture {
        requireAtLeast(1, "hidden_channels", hiddenChannels);
        requireAtLeast(1, "out_emb_channels", outEmbChannels);
        requireAtLeast(1, "num_blocks", numBlocks);
        requireAtLeast(1, "int_emb_size", intEmbSize);
        requireAtLeast(1, "basis_emb_size", basisEmbSize);
        require(
                numSpherical >= 2 && numSpherical <= MOST_SPHERICAL,
                "num_spherical",
                numSpherical,
                "from 2 to " + MOST_SPHERICAL);
        require(numRadial >= 1 && numRadial <= 32, "num_radial", numRadial, "from 1 to 32");
        requireAtLeast(1, "envelope_exponent", envelopeExponent);
        requireAtLeast(0, "num_before_skip", numBeforeSkip);
        requireAtLeast(0, "num_after_skip", numAfterSkip);
        requireAtLeast(1, "num_output_layers", numOutputLayers);
        require(cutoff > 0, "cutoff", cutoff, "positive");
    }

    /** Values of the spherical basis for a triplet. */
    int sphericalValues() {
        return numSpherical * numRadial;
    }

    static String outputBlock(int block) {
        return "output_blocks." + block;
    }

    static String interactionBlock(int block) {
        return "interaction_blocks." + block;
    }

    static String beforeSkip(String block, int layer) {
        return block + ".layers_before_skip." + layer;
    }

    static String afterSkip(String block, int layer) {
        return block + ".layers_after_skip." + layer;
    }

    static String outputLayer(String block, int layer) {
        return block + ".lins." + layer;
    }

    /** In forward order, under the reference's names. Where a limit is 0 see {@link InitialWeights}. */
    List<ParameterSpec> parameters() {
        var specs = new Specs();
        specs.add("rbf.freq", 0, (long) numRadial);
        // PyTorch Geometric draws the table from [-sqrt(3), sqrt(3)) and leaves these two layers to PyTorch's default.
        specs.add("emb.emb.weight", Math.sqrt(3), (long) GraphCodec.ELEMENTS, (long) hiddenChannels);
        specs.linearByDefault("emb.lin_rbf", numRadial, hiddenChannels);
        specs.linearByDefault("emb.lin", 3L * hiddenChannels, hiddenChannels);
        outputParameters(specs, outputBlock(0));
        for (int block = 0; block < numBlocks; block++) {
            interactionParameters(specs, interactionBlock(block));
            outputParameters(specs, outputBlock(block + 1));
        }
        return specs.list;
    }

    private void interactionParameters(Specs specs, String block) {
        specs.product(block + ".lin_rbf1", numRadial, basisEmbSize);
        specs.product(block + ".lin_rbf2", basisEmbSize, hiddenChannels);
        specs.product(block + ".lin_sbf1", sphericalValues(), basisEmbSize);
        specs.product(block + ".lin_sbf2", basisEmbSize, intEmbSize);
        specs.linear(block + ".lin_kj", hiddenChannels, hiddenChannels);
        specs.linear(block + ".lin_ji", hiddenChannels, hiddenChannels);
        specs.product(block + ".lin_down", hiddenChannels, intEmbSize);
        specs.product(block + ".lin_up", intEmbSize, hiddenChannels);
        for (int layer = 0; layer < numBeforeSkip; layer++) {
            residualParameters(specs, beforeSkip(block, layer));
        }
        specs.linear(block + ".lin", hiddenChannels, hiddenChannels);
        for (int layer = 0; layer < numAfterSkip; layer++) {
            residualParameters(specs, afterSkip(block, layer));
        }
    }

    private void residualParameters(Specs specs, String layer) {
        specs.linear(layer + ".lin1", hiddenChannels, hiddenChannels);
        specs.linear(layer + ".lin2", hiddenChannels, hiddenChannels);
    }

    private void outputParameters(Specs specs, String block) {
        specs.product(block + ".lin_rbf", numRadial, hiddenChannels);
        specs.product(block + ".lin_up", hiddenChannels, outEmbChannels);
        // The published code draws this bias by PyTorch's default and zeroes all others.
        specs.add(block + ".lin_up.bias", 1 / Math.sqrt(hiddenChannels), (long) outEmbChannels);
        for (int layer = 0; layer < numOutputLayers; layer++) {
            specs.linear(outputLayer(block, layer), outEmbChannels, outEmbChannels);
        }
        specs.product(block + ".lin", outEmbChannels, 1);
    }

    private static final class Specs {
        private final List<ParameterSpec> list = new ArrayList<>();

        void add(String name, double limit, Long... sizes) {
            list.add(ParameterSpec.contiguous(name, List.of(sizes), Initial.uniform(limit)));
        }

        /** Without bias. */
        void product(String name, long in, long out) {
            add(name + ".weight", 0, out, in);
        }

        void linear(String name, long in, long out) {
            product(name, in, out);
            add(name + ".bias", 0, out);
        }

        void linearByDefault(String name, long in, long out) {
            double limit = 1 / Math.sqrt((double) in);
            add(name + ".weight", limit, out, in);
            add(name + ".bias", limit, out);
        }
    }
}
