package org.mlhpc.cosmoflow.data;

import org.bytedeco.pytorch.Tensor;
import org.mlhpc.api.Batch;

/**
 * A batch of volumes.
 *
 * @param x float32 [samples, 4, side, side, side] in channels-last memory
 * @param y float32 [samples, 4], the cosmological parameters scaled to about [-1, 1]
 */
public record Volumes(Tensor x, Tensor y, int samples) implements Batch {}
