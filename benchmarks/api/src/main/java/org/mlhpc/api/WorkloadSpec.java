package org.mlhpc.api;

import java.util.List;

/**
 * Facts about a workload under given settings.
 *
 * @param target quality at which training stops
 * @param maxEpochs epochs after which a run that missed its target ends
 * @param layers the model, layer by layer, in forward order
 * @param unclosed why these settings are not allowed in the closed division; empty if they are
 */
public record WorkloadSpec(Target target, int maxEpochs, List<Layer> layers, List<String> unclosed) {
    public WorkloadSpec {
        layers = List.copyOf(layers);
        unclosed = List.copyOf(unclosed);
    }

    /**
     * One layer with its cost per sample; see docs/metrics.md, "FLOP per sample".
     *
     * @param output shape of the output for one sample, channels first
     * @param parameters number of trainable parameters
     * @param forwardMultiplyAdds multiply-add pairs of one forward pass of one sample
     */
    public record Layer(String name, List<Integer> output, long parameters, long forwardMultiplyAdds) {
        public Layer {
            output = List.copyOf(output);
        }
    }

    /** Number of trainable parameters. */
    public long parameters() {
        return layers.stream().mapToLong(Layer::parameters).sum();
    }

    /** FLOP of one forward pass of one sample: two per multiply-add. */
    public double forwardFlopPerSample() {
        return 2.0 * layers.stream().mapToLong(Layer::forwardMultiplyAdds).sum();
    }

    /** FLOP of one training sample: forward, gradient of the inputs, gradient of the weights, each as much as forward. */
    public double trainFlopPerSample() {
        return 3.0 * forwardFlopPerSample();
    }
}
