package org.mlhpc.roofline.predict;

import java.util.Locale;

/**
 * How samples to convergence grow with the batch size, by one parameter: the exponent e = d log(samples) / d log(batch) at a
 * reference. An exponent of 0 means that larger batches cost nothing, 1 that the number of steps stays the same.
 */
public enum Growth {
    /** (batch / reference)^e, which submitters come near who tune each batch size on its own. */
    POWER("power law", -10, 10) {
        @Override
        double log(double ratio, double exponent) {
            return exponent * Math.log(ratio);
        }

        @Override
        double slope(double ratio, double exponent) {
            return Math.log(ratio);
        }

        @Override
        double exponentAt(double ratio, double exponent) {
            return exponent;
        }

        @Override
        double exponentSlopeAt(double ratio, double exponent) {
            return 1;
        }

        @Override
        String formula(double level, double exponent, double reference) {
            return String.format(Locale.ROOT, "%.4g (batch / %.4g)^%.2f", level, reference, exponent);
        }
    },
    /**
     * 1 - e + e batch / reference, which is (1 + batch / B_crit) but for a factor, where B_crit = reference (1 - e) / e is the
     * critical batch size (McCandlish et al., "An Empirical Model of Large-Batch Training", 2018, arXiv:1812.06162, section
     * 2.3); e lies between 0 and 1.
     */
    CRITICAL_BATCH("critical batch size", 0, 1) {
        @Override
        double log(double ratio, double exponent) {
            return Math.log(1 - exponent + exponent * ratio);
        }

        @Override
        double slope(double ratio, double exponent) {
            return (ratio - 1) / (1 - exponent + exponent * ratio);
        }

        @Override
        double exponentAt(double ratio, double exponent) {
            return exponent * ratio / (1 - exponent + exponent * ratio);
        }

        @Override
        double exponentSlopeAt(double ratio, double exponent) {
            return ratio / Math.pow(1 - exponent + exponent * ratio, 2);
        }

        @Override
        String formula(double level, double exponent, double reference) {
            return String.format(
                    Locale.ROOT, "%.4g (%.3f + %.3g batch / %.4g)", level, 1 - exponent, exponent, reference);
        }
    };

    private final String label;
    private final double leastExponent;
    private final double largestExponent;

    Growth(String label, double leastExponent, double largestExponent) {
        this.label = label;
        this.leastExponent = leastExponent;
        this.largestExponent = largestExponent;
    }

    public String label() {
        return label;
    }

    /** Where fits look for exponents; of a power law wider than any that was seen. */
    double leastExponent() {
        return leastExponent;
    }

    double largestExponent() {
        return largestExponent;
    }

    /**
     * Logarithm of samples by those at the reference.
     *
     * @param ratio batch by reference
     */
    abstract double log(double ratio, double exponent);

    /** Derivative of {@link #log} by the exponent. */
    abstract double slope(double ratio, double exponent);

    /** The exponent at another reference, that many times as large. */
    abstract double exponentAt(double ratio, double exponent);

    /** Derivative of {@link #exponentAt} by the exponent. */
    abstract double exponentSlopeAt(double ratio, double exponent);

    /** Samples to convergence in words. */
    abstract String formula(double level, double exponent, double reference);
}
