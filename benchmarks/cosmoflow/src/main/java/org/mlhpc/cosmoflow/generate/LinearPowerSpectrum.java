package org.mlhpc.cosmoflow.generate;

/** P(k) = A k^n_s T(k)^2 of the linear density contrast today, with A from sigma_8. */
final class LinearPowerSpectrum {
    /** Radius of the spheres that define sigma_8, Mpc/h. */
    static final double SIGMA_8_RADIUS = 8;

    /** Outside of these wavenumbers lies less than 1e-6 of the variance in spheres of a Mpc/h or more. */
    private static final double LOG_SMALLEST_K = Math.log(1e-5);

    private static final double LOG_LARGEST_K = Math.log(1e3);
    private static final int INTERVALS = 20_000;

    private final double spectralIndex;
    private final TransferFunction transfer;
    private final double amplitude;

    LinearPowerSpectrum(Cosmology cosmology) {
        spectralIndex = cosmology.spectralIndex();
        transfer = new TransferFunction(cosmology);
        double ratio = cosmology.sigma8() / sigmaOfUnitAmplitude(SIGMA_8_RADIUS);
        amplitude = ratio * ratio;
    }

    /**
     * @param k wavenumber in h/Mpc; 0 gives 0
     * @return power in (Mpc/h)^3
     */
    double at(double k) {
        return amplitude * shape(k);
    }

    /** Standard deviation of the density contrast in spheres of this radius (Mpc/h). */
    double sigma(double radius) {
        return Math.sqrt(amplitude) * sigmaOfUnitAmplitude(radius);
    }

    private double shape(double k) {
        double t = transfer.at(k);
        return Math.pow(k, spectralIndex) * t * t;
    }

    private double sigmaOfUnitAmplitude(double radius) {
        double variance = Simpson.integrate(
                logK -> {
                    double k = Math.exp(logK);
                    double w = sphereWindow(k * radius);
                    return k * k * k * shape(k) * w * w;
                },
                LOG_SMALLEST_K,
                LOG_LARGEST_K,
                INTERVALS);
        return Math.sqrt(variance / (2 * Math.PI * Math.PI));
    }

    /** Fourier transform of a sphere of unit radius and unit mass. */
    private static double sphereWindow(double x) {
        // Below this the difference of sine and cosine loses its digits; the series is exact to 1e-12 there.
        if (x < 1e-3) {
            return 1 - x * x / 10;
        }
        return 3 * (Math.sin(x) - x * Math.cos(x)) / (x * x * x);
    }
}
