package org.mlhpc.cosmoflow.generate;

import java.util.Collection;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What universes are drawn from: each varying parameter uniform in its Planck value times 1 +- {@code spread}, the others
 * at the Planck value.
 */
final class ParameterPrior {
    private static final double HUBBLE_UNIT_KM_PER_S_PER_MPC = 100;

    private final Set<CosmologicalParameter> varying;
    private final double spread;

    ParameterPrior(Collection<CosmologicalParameter> varying, double spread) {
        this.varying = Set.copyOf(varying);
        this.spread = spread;
    }

    /** Parameters that do not vary have the label 0. */
    Label draw(SplittableRandom random) {
        return new Label(
                draw(CosmologicalParameter.OMEGA_M, random),
                draw(CosmologicalParameter.SIGMA_8, random),
                draw(CosmologicalParameter.N_S, random),
                draw(CosmologicalParameter.H_0, random));
    }

    private float draw(CosmologicalParameter parameter, SplittableRandom random) {
        // Drawn even if unused, so that a parameter's values do not depend on which others vary.
        float offset = (float) random.nextDouble(-1, 1);
        return varying.contains(parameter) ? offset : 0;
    }

    /** The universe a label stands for. */
    Cosmology cosmology(Label label) {
        return new Cosmology(
                value(CosmologicalParameter.OMEGA_M, label.omegaM()),
                value(CosmologicalParameter.SIGMA_8, label.sigma8()),
                value(CosmologicalParameter.N_S, label.spectralIndex()),
                value(CosmologicalParameter.H_0, label.hubble()) / HUBBLE_UNIT_KM_PER_S_PER_MPC);
    }

    private double value(CosmologicalParameter parameter, float offset) {
        return parameter.planckValue * (1 + spread * offset);
    }
}
