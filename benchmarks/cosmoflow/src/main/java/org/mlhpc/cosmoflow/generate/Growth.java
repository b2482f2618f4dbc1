package org.mlhpc.cosmoflow.generate;

/** How far fluctuations have grown in a flat universe, relative to linear growth until today. */
final class Growth {
    private static final int INTERVALS = 512;

    private final double omegaM;
    private final double growthUntilToday;

    Growth(double omegaM) {
        this.omegaM = omegaM;
        growthUntilToday = unnormalised(1);
    }

    /** Linear growth factor D, 1 at redshift 0: Heath 1977, Monthly Notices of the RAS 179, 351. */
    double firstOrder(double redshift) {
        return unnormalised(1 / (1 + redshift)) / growthUntilToday;
    }

    /**
     * Growth factor D_2 of the second-order displacement, negative; good to better than a percent in flat universes
     * with 0.1 &lt;= Omega_m &lt;= 1: Bouchet et al. 1995, Astronomy and Astrophysics 296, 575.
     */
    double secondOrder(double redshift) {
        double d = firstOrder(redshift);
        double volume = Math.pow(1 + redshift, 3);
        double omegaThen = omegaM * volume / (omegaM * volume + 1 - omegaM);
        return -3.0 / 7 * d * d * Math.pow(omegaThen, -1.0 / 143);
    }

    /**
     * E(a) times the integral of da / (a E)^3 with a^3 E^2 = Omega_m + (1 - Omega_m) a^3, times 5/2 Omega_m so that it
     * tends to a for small a. Substituting a = u^2 makes the integrand smooth at 0.
     */
    private double unnormalised(double a) {
        double integral = Simpson.integrate(
                u -> 2 * Math.pow(u, 4) / Math.pow(omegaM + (1 - omegaM) * Math.pow(u, 6), 1.5),
                0,
                Math.sqrt(a),
                INTERVALS);
        double expansion = Math.sqrt(omegaM / (a * a * a) + 1 - omegaM);
        return 2.5 * omegaM * expansion * integral;
    }
}
