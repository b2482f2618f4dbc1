package org.mlhpc.cosmoflow.generate;

/** P(k) = A k^n_s T(k)^2 of the linear density contrast today, with A from sigma_8. */
final class LinearPowerSpectrum {
    /** Radius of the spheres that define sigma_8, Mpc/h. */
    static final double SIGMA_8_RADIUS = 8;

    /** Range of wavenumber times radius outside of which lies less than 1e-6 of the variance in spheres. */
    private static final double SMALLEST_X = 1e-3;

    private static final double LARGEST_X = 200;
    private static final int INTERVALS = 2048;

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
                logX -> {
                    double x = Math.exp(logX);
                    double k = x / radius;
                    double w = sphereWindow(x);
                    return k * k * k * shape(k) * w * w;
                },
                Math.log(SMALLEST_X),
                Math.log(LARGEST_X),
                INTERVALS);
        return Math.sqrt(variance / (2 * Math.PI * Math.PI));
    }

    /** Fourier transform of a sphere of unit radius and unit mass; far enough from 0 the difference keeps its digits. */
    private static double sphereWindow(double x) {
        return 3 * (Math.sin(x) - x * Math.cos(x)) / (x * x * x);
    }
}
