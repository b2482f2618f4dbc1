package org.mlhpc.deepcam.data;

import org.bytedeco.pytorch.Tensor;
import org.mlhpc.api.Batch;

/**
 * A batch of images.
 *
 * @param x float32 [samples, 16, height, width] in channels-last memory, each channel scaled to about [0, 1]
 * @param labels int64 [samples, height, width]: 0 background, 1 tropical cyclone, 2 atmospheric river
 */
public record Images(Tensor x, Tensor labels, int samples) implements Batch {}
