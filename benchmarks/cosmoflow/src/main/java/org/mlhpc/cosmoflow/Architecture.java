package org.mlhpc.cosmoflow;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.util.ArrayList;
import java.util.List;
import org.mlhpc.api.WorkloadSpec.Layer;
import org.mlhpc.cosmoflow.data.SampleFile;
import org.mlhpc.torch.ParameterSpec;

/**
 * The shape of the network: blocks of convolution, LeakyReLU and max-pooling, then three dense layers. Settings of the same
 * names; see cosmoflow.properties.
 */
record Architecture(int sampleSize, int convLayers, int convFilters, int convKernel, int fc1Size, int fc2Size) {
    /** Names of the operators that follow those with weights. */
    static final String POOL = "/max_pool3d";

    static final String LEAKY_RELU = "/leaky_relu";
    static final String LOSS = "loss";

    private static final int MAX_SAMPLE_SIZE = 1024;

    Architecture {
        require(convLayers >= 1 && convLayers <= 10, "conv_layers", convLayers, "from 1 to 10");
        require(
                sampleSize >= 1 && sampleSize <= MAX_SAMPLE_SIZE && sampleSize % (1 << convLayers) == 0,
                "sample_size",
                sampleSize,
                "a multiple of " + (1 << convLayers) + " up to " + MAX_SAMPLE_SIZE + ", since each of conv_layers="
                        + convLayers + " halves it");
        requireAtLeast(1, "conv_filters", convFilters);
        require(convKernel >= 1 && convKernel <= 7, "conv_kernel", convKernel, "from 1 to 7");
        requireAtLeast(1, "fc1_size", fc1Size);
        requireAtLeast(1, "fc2_size", fc2Size);
    }

    /** Filters of convolution {@code layer}, from 0; its input channels are those of the layer before. */
    int filters(int layer) {
        return layer < 0 ? SampleFile.CHANNELS : convFilters << layer;
    }

    /** Side of the volume after the pooling of {@code layer}, from 0. */
    int side(int layer) {
        return sampleSize >> (layer + 1);
    }

    /** Values of one sample that enter the first dense layer. */
    long flattened() {
        long side = side(convLayers - 1);
        return side * side * side * filters(convLayers - 1);
    }

    /** Kernels and biases in forward order, under the names that Keras gives them in the reference. */
    List<ParameterSpec> parameters() {
        var specs = new ArrayList<ParameterSpec>();
        for (int layer = 0; layer < convLayers; layer++) {
            String name = convolution(layer);
            specs.add(ParameterSpec.convolution3d(name + "/kernel:0", filters(layer - 1), filters(layer), convKernel));
            specs.add(ParameterSpec.bias(name + "/bias:0", filters(layer)));
        }
        long[] widths = denseWidths();
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            String name = dense(layer);
            specs.add(ParameterSpec.dense(name + "/kernel:0", widths[layer], widths[layer + 1]));
            specs.add(ParameterSpec.bias(name + "/bias:0", widths[layer + 1]));
        }
        return specs;
    }

    long[] denseWidths() {
        return new long[] {flattened(), fc1Size, fc2Size, SampleFile.TARGETS};
    }

    /** Name of convolution {@code layer}, from 0. */
    static String convolution(int layer) {
        return kerasName("conv3d", layer);
    }

    /** Name of dense layer {@code layer}, from 0. */
    static String dense(int layer) {
        return kerasName("dense", layer);
    }

    private static String kerasName(String kind, int number) {
        return number == 0 ? kind : kind + "_" + number;
    }

    /** The layers with weights and their cost for one sample; outputs are those after pooling. */
    List<Layer> layers() {
        var layers = new ArrayList<Layer>();
        for (int layer = 0; layer < convLayers; layer++) {
            long kernel = (long) convKernel * convKernel * convKernel * filters(layer - 1) * filters(layer);
            long cells = (long) Math.pow(sampleSize >> layer, 3);
            layers.add(new Layer(
                    convolution(layer),
                    List.of(filters(layer), side(layer), side(layer), side(layer)),
                    kernel + filters(layer),
                    kernel * cells));
        }
        long[] widths = denseWidths();
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            long kernel = widths[layer] * widths[layer + 1];
            layers.add(new Layer(dense(layer), List.of((int) widths[layer + 1]), kernel + widths[layer + 1], kernel));
        }
        return layers;
    }
}
