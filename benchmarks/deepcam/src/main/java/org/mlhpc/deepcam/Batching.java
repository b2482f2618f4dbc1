package org.mlhpc.deepcam;

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
        require("global_batch_size", globalBatchSize);
        require("batchnorm_group_size", batchnormGroupSize);
        require("gradient_accumulation_frequency", gradientAccumulationFrequency);
    }

    private static void require(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("setting " + key + "=" + value + " must be at least 1");
        }
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
