package org.mlhpc.cosmoflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LinearTheoryTest {
    private static final Cosmology PLANCK = new Cosmology(0.3089, 0.8159, 0.9667, 0.6774);

    @Test
    void theSpectrumHasTheSigma8ItWasAskedFor() {
        for (double sigma8 : new double[] {0.57, 0.8159, 1.06}) {
            var power = new LinearPowerSpectrum(new Cosmology(0.25, sigma8, 1.1, 0.6));
            assertEquals(sigma8, sigma8ByTrapezoids(power), 1e-4);
            assertEquals(sigma8, power.sigma(LinearPowerSpectrum.SIGMA_8_RADIUS), 1e-12);
        }
    }

    /** Another rule on another grid than the class under test: steps of constant k in two pieces. */
    private static double sigma8ByTrapezoids(LinearPowerSpectrum power) {
        double variance = trapezoids(power, 1e-6, 0.1, 100_000) + trapezoids(power, 0.1, 40, 400_000);
        return Math.sqrt(variance / (2 * Math.PI * Math.PI));
    }

    private static double trapezoids(LinearPowerSpectrum power, double from, double to, int steps) {
        double width = (to - from) / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double k = from + i * width;
            double x = 8 * k;
            double window = 3 / (x * x) * (Math.sin(x) / x - Math.cos(x));
            sum += (i == 0 || i == steps ? 0.5 : 1) * k * k * power.at(k) * window * window;
        }
        return sum * width;
    }

    @Test
    void theTransferFunctionTendsToOneAtLongAndToLogarithmOverSquareAtShortWavelengths() {
        var transfer = new TransferFunction(PLANCK);
        assertEquals(1, transfer.at(0), 0);
        assertEquals(1, transfer.at(1e-5), 1e-4);
        // T ~ ln(k) / k^2: the ratio at k and 10 k exceeds 100 only by the ratio of the logarithms, below 2.
        double ratio = transfer.at(1e3) / transfer.at(1e4);
        assertTrue(ratio > 50 && ratio < 100, "T(1e3)/T(1e4) = " + ratio);
    }

    @Test
    void theSpectrumRisesWithTheSpectralIndexAtTheLongestWavelengths() {
        var power = new LinearPowerSpectrum(PLANCK);
        double slope = Math.log(power.at(2e-5) / power.at(1e-5)) / Math.log(2);
        // T falls by less than 1e-4 between the two wavenumbers.
        assertEquals(PLANCK.spectralIndex(), slope, 1e-3);
        assertEquals(0, power.at(0), 0);
    }

    @Test
    void growthIsOneTodayAndEqualToTheScaleFactorInAnEinsteinDeSitterUniverse() {
        assertEquals(1, new Growth(0.3089).firstOrder(0), 0);
        var einsteinDeSitter = new Growth(1);
        for (double z : new double[] {0, 0.5, 1.5, 3, 49}) {
            assertEquals(1 / (1 + z), einsteinDeSitter.firstOrder(z), 1e-9);
            assertEquals(-3.0 / 7 / (1 + z) / (1 + z), einsteinDeSitter.secondOrder(z), 1e-9);
        }
    }

    @Test
    void growthAgreesWithThePublishedFitOfCarrollPressAndTurner() {
        for (double omegaM : new double[] {0.216, 0.3089, 0.4016}) {
            var growth = new Growth(omegaM);
            for (double z : new double[] {0.5, 1.5, 3}) {
                double expected = carrollPressTurner(omegaM, z) / carrollPressTurner(omegaM, 0);
                // The authors state agreement of their fit to a few percent; for flat universes it is below one.
                assertEquals(expected, growth.firstOrder(z), 0.01 * expected);
            }
        }
    }

    /** D(z) up to normalisation: Carroll, Press and Turner 1992, Annual Review of Astronomy 30, 499, equation 29. */
    private static double carrollPressTurner(double omegaM, double z) {
        double volume = Math.pow(1 + z, 3);
        double omega = omegaM * volume / (omegaM * volume + 1 - omegaM);
        double lambda = 1 - omega;
        return omega / (1 + z) / (Math.pow(omega, 4.0 / 7) - lambda + (1 + omega / 2) * (1 + lambda / 70));
    }
}
