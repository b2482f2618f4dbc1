package org.mlhpc.deepcam;

import static org.mlhpc.api.Settings.requireAtLeast;

import org.mlhpc.torch.data.Shards;

/**
 * Settings of the same names.
 *
 * @param globalBatchSize samples of one step over all ranks
 * @param batchnormGroupSize ranks whose batches batch normalisation takes for one
 * @param gradientAccumulationFrequency steps per update of the weights
 */
record Batching(int globalBatchSize, int batchnormGroupSize, int gradientAccumulationFrequency) {
    Batching {
        requireAtLeast(1, "global_batch_size", globalBatchSize);
        requireAtLeast(1, "batchnorm_group_size", batchnormGroupSize);
        requireAtLeast(1, "gradient_accumulation_frequency", gradientAccumulationFrequency);
    }

    /**
     * Samples per rank and step.
     *
     * @throws IllegalArgumentException if the settings do not suit this number of ranks
     */
    int localBatch(int ranks) {
        if (ranks % batchnormGroupSize != 0) {
            throw new IllegalArgumentException("setting batchnorm_group_size=" + batchnormGroupSize + " does not part "
                    + ranks + " ranks into equal groups; choose a divisor of " + ranks);
        }
        return Shards.localBatch(globalBatchSize, ranks);
    }
}
