package org.mlhpc.cosmoflow.generate;

/** The quantities a sample's label speaks about, in the order of the published set. */
enum CosmologicalParameter {
    /** Matter density today over the critical density. */
    OMEGA_M(0.3089),
    /** Standard deviation of the linear density contrast today in spheres of 8 Mpc/h. */
    SIGMA_8(0.8159),
    /** Spectral index of the primordial fluctuations. */
    N_S(0.9667),
    /** Hubble constant, km/s/Mpc. */
    H_0(67.74);

    /** Planck Collaboration 2015, results XIII, table 4, last column (TT,TE,EE+lowP+lensing+ext). */
    final double planckValue;

    CosmologicalParameter(double planckValue) {
        this.planckValue = planckValue;
    }
}
