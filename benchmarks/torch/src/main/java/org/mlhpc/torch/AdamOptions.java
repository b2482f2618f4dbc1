package org.mlhpc.torch;

import static org.mlhpc.api.Settings.require;

import java.util.List;

/**
 * Settings of the same names, for optimizers of Adam's family.
 *
 * @param optBetas how much of its value each of the two averages keeps per update
 * @param optEps added to the root of the second average
 */
public record AdamOptions(List<Double> optBetas, double optEps, double optWeightDecay) {
    public AdamOptions {
        optBetas = List.copyOf(optBetas);
        require(
                optBetas.size() == 2 && optBetas.stream().allMatch(beta -> beta >= 0 && beta < 1),
                "opt_betas",
                optBetas,
                "two numbers in [0, 1)");
        require(optEps > 0, "opt_eps", optEps, "positive");
        require(optWeightDecay >= 0, "opt_weight_decay", optWeightDecay, "at least 0");
    }
}
