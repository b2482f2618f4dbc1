package org.mlhpc.cosmoflow;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.util.Collections;
import java.util.List;

/** The learning rate, set once per epoch: linear warm-up to the peak, then steps. Settings of the same names. */
record Schedule(
        int globalBatchSize,
        double baseLr,
        int baseBatchSize,
        Scaling lrScaling,
        int lrWarmupEpochs,
        List<Integer> lrDecayBoundaryEpochs,
        List<Double> lrDecayFactors) {

    /** How the peak rate grows with the global batch. */
    enum Scaling {
        LINEAR {
            @Override
            double factor(double batches) {
                return batches;
            }
        },
        SQRT {
            @Override
            double factor(double batches) {
                return Math.sqrt(batches);
            }
        },
        NONE {
            @Override
            double factor(double batches) {
                return 1;
            }
        };

        abstract double factor(double batches);
    }

    Schedule {
        requireAtLeast(1, "global_batch_size", globalBatchSize);
        require(baseLr > 0, "base_lr", baseLr, "positive");
        requireAtLeast(1, "base_batch_size", baseBatchSize);
        requireAtLeast(0, "lr_warmup_epochs", lrWarmupEpochs);
        require(
                lrDecayBoundaryEpochs.size() == lrDecayFactors.size(),
                "lr_decay_factors",
                lrDecayFactors,
                "as many as lr_decay_boundary_epochs=" + lrDecayBoundaryEpochs);
        require(
                lrDecayBoundaryEpochs.stream().sorted().distinct().toList().equals(lrDecayBoundaryEpochs),
                "lr_decay_boundary_epochs",
                lrDecayBoundaryEpochs,
                "increasing");
        require(
                lrDecayFactors.stream().allMatch(factor -> factor > 0 && factor < 1),
                "lr_decay_factors",
                lrDecayFactors,
                "between 0 and 1, exclusive");
    }

    double batchScaling() {
        return lrScaling.factor((double) globalBatchSize / baseBatchSize);
    }

    double peak() {
        return baseLr * batchScaling();
    }

    /** The largest decay factor, which is what the published logs state; 1 without decay. */
    double loggedDecayFactor() {
        return lrDecayFactors.isEmpty() ? 1 : Collections.max(lrDecayFactors);
    }

    /** The rate of {@code epoch}, from 1. A boundary is exceeded by 0-based epochs, so it takes effect one epoch later. */
    double rate(int epoch) {
        int index = epoch - 1;
        if (index < lrWarmupEpochs) {
            return baseLr + index * (peak() - baseLr) / lrWarmupEpochs;
        }
        double factor = 1;
        for (int i = 0; i < lrDecayBoundaryEpochs.size(); i++) {
            if (index > lrDecayBoundaryEpochs.get(i)) {
                factor = lrDecayFactors.get(i);
            }
        }
        return peak() * factor;
    }
}
