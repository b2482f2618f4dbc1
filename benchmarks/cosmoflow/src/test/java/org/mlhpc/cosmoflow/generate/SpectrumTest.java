package org.mlhpc.cosmoflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class SpectrumTest {
    private static final int SIDE = 64;
    private static final double EDGE_MPC = 512;

    @Test
    void theMeasuredSpectrumOfARandomFieldIsTheInputSpectrumBinByBin() {
        var power = new LinearPowerSpectrum(new Cosmology(0.3089, 0.8159, 0.9667, 0.6774));
        try (var scope = new PointerScope();
                Spectrum spectrum = Spectrum.ofRandomField(7, SIDE, EDGE_MPC, power)) {
            BinnedPower binned = BinnedPower.of(
                    spectrum.field((i, j, l) -> 1), EDGE_MPC, (x, y, z) -> power.at(Math.sqrt(x * x + y * y + z * z)));
            double chiSquare = 0;
            for (int shell = 1; shell < binned.ratio.length; shell++) {
                double sigma = Math.sqrt(2.0 / binned.modes[shell]);
                double deviation = (binned.ratio[shell] - 1) / sigma;
                // The innermost shells hold few modes, whose power has a long tail: five instead of four sigma.
                assertEquals(0, deviation, 5, "shell " + shell + " of " + binned.modes[shell] + " modes");
                chiSquare += deviation * deviation;
            }
            int shells = binned.ratio.length - 1;
            // Four standard deviations of chi-square, either way: neither too far from the input nor too close to it.
            assertEquals(shells, chiSquare, 4 * Math.sqrt(2.0 * shells));
        }
    }

    @Test
    void theFieldHasNoMeanAndTheVarianceOfItsModes() {
        var power = new LinearPowerSpectrum(new Cosmology(0.3089, 0.8159, 0.9667, 0.6774));
        try (var scope = new PointerScope();
                Spectrum spectrum = Spectrum.ofRandomField(8, 32, 256, power)) {
            var field = spectrum.field((i, j, l) -> 1);
            assertEquals(0, field.mean().item_float(), 1e-6);
            assertTrue(field.var().item_float() > 0);
        }
    }

    @Test
    void equalSeedsGiveEqualFieldsAndOthersDoNot() {
        var power = new LinearPowerSpectrum(new Cosmology(0.3089, 0.8159, 0.9667, 0.6774));
        try (var scope = new PointerScope();
                Spectrum one = Spectrum.ofRandomField(1, 16, 128, power);
                Spectrum same = Spectrum.ofRandomField(1, 16, 128, power);
                Spectrum other = Spectrum.ofRandomField(2, 16, 128, power)) {
            var field = one.field((i, j, l) -> 1);
            assertTrue(field.equal(same.field((i, j, l) -> 1)));
            assertTrue(!field.equal(other.field((i, j, l) -> 1)));
        }
    }
}
