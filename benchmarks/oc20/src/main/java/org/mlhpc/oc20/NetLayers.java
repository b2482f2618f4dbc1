package org.mlhpc.oc20;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.mlhpc.api.WorkloadSpec.Layer;
import org.mlhpc.torch.ParameterSpec;

/** The published network block by block, with the multiply-adds of its layers for a graph of a given size. */
record NetLayers(Architecture architecture, GraphSize size) {
    /**
     * Blocks in forward order. The last layer is the derivative of the energy, which takes as much as the energy: its
     * gradient by the inputs of every layer, none by weights.
     */
    List<Layer> layers() {
        var layers = new ArrayList<Layer>();
        layers.add(embedding());
        layers.add(output(0));
        for (int block = 0; block < architecture.numBlocks(); block++) {
            layers.add(interaction(block));
            layers.add(output(block + 1));
        }
        long energy = layers.stream().mapToLong(Layer::forwardMultiplyAdds).sum();
        layers.add(new Layer(DimeNet.FORCES, List.of(size.workAtoms(), 3), 0, energy));
        return layers;
    }

    private long parameters(Predicate<String> name) {
        return architecture.parameters().stream()
                .filter(spec -> name.test(spec.name()))
                .mapToLong(ParameterSpec::elements)
                .sum();
    }

    private Layer embedding() {
        long channels = architecture.hiddenChannels();
        long perEdge = architecture.numRadial() * channels + 3 * channels * channels;
        return new Layer(
                DimeNet.EMBEDDING,
                List.of(size.workEdges(), architecture.hiddenChannels()),
                parameters(name -> name.startsWith("emb.") || name.startsWith("rbf.")),
                perEdge * size.workEdges());
    }

    private Layer output(int block) {
        String name = Architecture.outputBlock(block);
        long channels = architecture.hiddenChannels();
        long out = architecture.outEmbChannels();
        long perEdge = architecture.numRadial() * channels;
        long perAtom = channels * out + architecture.numOutputLayers() * out * out + out;
        return new Layer(
                name,
                List.of(size.workAtoms(), 1),
                parameters(parameter -> parameter.startsWith(name + ".")),
                perEdge * size.workEdges() + perAtom * size.workAtoms());
    }

    private Layer interaction(int block) {
        String name = Architecture.interactionBlock(block);
        return new Layer(
                name,
                List.of(size.workEdges(), architecture.hiddenChannels()),
                parameters(parameter -> parameter.startsWith(name + ".")),
                edgeMultiplyAdds(architecture) * size.workEdges()
                        + tripletMultiplyAdds(architecture) * size.workTriplets());
    }

    /** Of an interaction block, for an edge. */
    static long edgeMultiplyAdds(Architecture a) {
        long channels = a.hiddenChannels();
        long square = channels * channels;
        long residuals = 2L * (a.numBeforeSkip() + a.numAfterSkip());
        return a.numRadial() * (long) a.basisEmbSize()
                + a.basisEmbSize() * channels
                + 2 * channels * a.intEmbSize()
                + (3 + residuals) * square;
    }

    /** Of an interaction block, for a triplet. */
    static long tripletMultiplyAdds(Architecture a) {
        return (long) a.sphericalValues() * a.basisEmbSize() + (long) a.basisEmbSize() * a.intEmbSize();
    }
}
