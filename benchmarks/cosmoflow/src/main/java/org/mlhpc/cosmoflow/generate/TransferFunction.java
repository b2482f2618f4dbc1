package org.mlhpc.cosmoflow.generate;

/**
 * How much fluctuations of a wavelength grew until today relative to the longest ones: the fit without acoustic
 * oscillations of Eisenstein and Hu 1998, Astrophysical Journal 496, 605 (equations 26 and 28 to 31).
 */
final class TransferFunction {
    /** Temperature of the microwave background in units of 2.7 K: COBE's 2.728 K, as in the paper. */
    private static final double THETA = 2.728 / 2.7;

    private final double h;
    private final double gammaLargeScales;
    private final double alphaGamma;
    private final double soundHorizonMpc;

    TransferFunction(Cosmology cosmology) {
        h = cosmology.h();
        gammaLargeScales = cosmology.omegaM() * h;
        double matter = cosmology.omegaM() * h * h;
        double baryons = Cosmology.OMEGA_BARYON * h * h;
        double baryonFraction = baryons / matter;
        soundHorizonMpc = 44.5 * Math.log(9.83 / matter) / Math.sqrt(1 + 10 * Math.pow(baryons, 0.75));
        alphaGamma = 1
                - 0.328 * Math.log(431 * matter) * baryonFraction
                + 0.38 * Math.log(22.3 * matter) * baryonFraction * baryonFraction;
    }

    /** @param k wavenumber in h/Mpc, at least 0 */
    double at(double k) {
        double ks = 0.43 * k * h * soundHorizonMpc;
        double gamma = gammaLargeScales * (alphaGamma + (1 - alphaGamma) / (1 + ks * ks * ks * ks));
        double q = k * THETA * THETA / gamma;
        double l = Math.log(2 * Math.E + 1.8 * q);
        double c = 14.2 + 731 / (1 + 62.5 * q);
        return l / (l + c * q * q);
    }
}
