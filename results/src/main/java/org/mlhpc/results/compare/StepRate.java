package org.mlhpc.results.compare;

import java.util.List;

/**
 * Seconds of a step = fixed + perSample x samples per accelerator: a roofline of two parameters, all that a few published
 * scales can tell. Not negative; where all scales have the same samples per accelerator, the fixed part is not known and
 * taken as part of the other.
 */
record StepRate(double fixedSeconds, double secondsPerSample) {
    /** One scale. */
    record Point(double samplesPerAccelerator, double seconds) {}

    /** Least squares of relative errors. */
    static StepRate of(List<Point> points) {
        double ones = 0;
        double mixed = 0;
        double squares = 0;
        double one = 0;
        double first = 0;
        for (Point point : points) {
            double weight = 1 / point.seconds;
            double samples = point.samplesPerAccelerator * weight;
            ones += weight * weight;
            mixed += weight * samples;
            squares += samples * samples;
            one += weight;
            first += samples;
        }
        double determinant = ones * squares - mixed * mixed;
        // Relative to its terms: below, all scales have the same samples per accelerator up to rounding.
        if (determinant < 1e-9 * ones * squares) {
            return new StepRate(0, first / squares);
        }
        double fixed = (one * squares - first * mixed) / determinant;
        double perSample = (ones * first - one * mixed) / determinant;
        if (fixed < 0) {
            return new StepRate(0, first / squares);
        }
        return perSample < 0 ? new StepRate(one / ones, 0) : new StepRate(fixed, perSample);
    }

    double seconds(double samplesPerAccelerator) {
        return fixedSeconds + secondsPerSample * samplesPerAccelerator;
    }
}
