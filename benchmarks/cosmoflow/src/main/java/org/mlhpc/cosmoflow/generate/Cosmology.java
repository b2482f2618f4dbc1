package org.mlhpc.cosmoflow.generate;

/**
 * A flat universe of matter and a cosmological constant.
 *
 * @param omegaM matter density today over the critical density
 * @param sigma8 standard deviation of the linear density contrast today in spheres of 8 Mpc/h
 * @param spectralIndex n_s of the primordial fluctuations
 * @param h Hubble constant over 100 km/s/Mpc
 */
record Cosmology(double omegaM, double sigma8, double spectralIndex, double h) {
    /** Baryon density over the critical density, the same in all universes: Planck 2015, results XIII, table 4. */
    static final double OMEGA_BARYON = 0.0486;

    Cosmology {
        if (!(omegaM > OMEGA_BARYON && omegaM <= 1)) {
            throw new IllegalArgumentException(
                    "omega_m=" + omegaM + " is not in (" + OMEGA_BARYON + ", 1]: matter includes the baryons");
        }
        if (!(sigma8 > 0 && h > 0)) {
            throw new IllegalArgumentException("sigma_8=" + sigma8 + " and h=" + h + " must be positive");
        }
    }
}
