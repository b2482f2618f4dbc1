package org.mlhpc.roofline.ceilings;

import org.mlhpc.roofline.Spread;

/**
 * Time of one collective by size; the terms are those of {@code docs/metrics.md}.
 *
 * @param operation {@code ping-pong}, {@code all-reduce}, {@code broadcast} or {@code all-gather}
 * @param bytes of the buffer: of the message, of each rank's vector, or of the gathered whole
 * @param ranks that took part
 * @param seconds of one operation, the slowest rank's; one way for ping-pong
 * @param algorithmRate bytes by seconds, in B/s
 * @param busRate {@code algorithmRate} times the factor of the operation, in B/s
 */
public record Collective(
        String operation, long bytes, int ranks, Spread seconds, Spread algorithmRate, Spread busRate) {
    public Collective {
        busFactor(operation, ranks);
        if (bytes < 1 || ranks < 2 || !MeasuredCeiling.isPositive(seconds)) {
            throw new IllegalArgumentException("no time of a message: " + operation + " of " + bytes + " bytes, "
                    + ranks + " ranks, " + seconds + " s");
        }
    }

    /** @param seconds of each repetition */
    public static Collective of(String operation, long bytes, int ranks, double[] seconds) {
        double factor = busFactor(operation, ranks);
        double[] rates = new double[seconds.length];
        double[] onBus = new double[seconds.length];
        for (int i = 0; i < seconds.length; i++) {
            rates[i] = bytes / seconds[i];
            onBus[i] = rates[i] * factor;
        }
        return new Collective(operation, bytes, ranks, Spread.of(seconds), Spread.of(rates), Spread.of(onBus));
    }

    /**
     * Bytes that the busiest link must carry by bytes of the buffer: 2(n - 1)/n for all-reduce, (n - 1)/n for all-gather,
     * 1 for broadcast and ping-pong; derived in {@code docs/metrics.md}.
     */
    public static double busFactor(String operation, int ranks) {
        double others = (ranks - 1.0) / ranks;
        return switch (operation) {
            case "all-reduce" -> 2 * others;
            case "all-gather" -> others;
            case "broadcast", "ping-pong" -> 1;
            default -> throw new IllegalArgumentException("no collective: " + operation);
        };
    }
}
