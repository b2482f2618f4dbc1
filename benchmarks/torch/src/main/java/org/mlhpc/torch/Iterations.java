package org.mlhpc.torch;

/**
 * Timed iterations, each full of whole runs of the same work.
 *
 * @param count of iterations
 * @param millis that runs fill in each; one run at least
 */
record Iterations(int count, int millis) {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;
    private static final long NANOSECONDS_PER_MILLISECOND = 1_000_000;

    /**
     * FLOP/s of each.
     *
     * @param flop of one run
     */
    double[] rates(double flop, Runnable work) {
        double[] rates = new double[count];
        for (int i = 0; i < count; i++) {
            rates[i] = rate(flop, work);
        }
        return rates;
    }

    private double rate(double flop, Runnable work) {
        long begin = System.nanoTime();
        long runs = 0;
        long elapsed;
        do {
            work.run();
            runs++;
            elapsed = System.nanoTime() - begin;
        } while (elapsed < millis * NANOSECONDS_PER_MILLISECOND);
        return flop * runs / (elapsed * SECONDS_PER_NANOSECOND);
    }
}
