package org.mlhpc.staging.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.staging.plan.Prediction.Seconds;

/**
 * How a data set will be staged, and why.
 *
 * @param asked whether the user chose the strategy
 * @param predictions of all strategies
 */
public record Plan(Strategy strategy, boolean asked, List<Prediction> predictions, Facts facts) {
    private static final double KILO = 1e3;

    public Plan {
        predictions = List.copyOf(predictions);
    }

    /** Of the chosen strategy. */
    public Prediction prediction() {
        return of(strategy);
    }

    private Prediction of(Strategy which) {
        return predictions.stream()
                .filter(prediction -> prediction.strategy() == which)
                .findFirst()
                .orElseThrow();
    }

    /**
     * The message of the exception says why.
     *
     * @throws IllegalArgumentException if the chosen strategy cannot be used
     * @throws IOException if only room is missing
     */
    public void requirePossible() throws IOException {
        if (prediction().isPossible()) {
            return;
        }
        String message =
                "cannot stage by '" + strategy.option() + "': " + prediction().obstacle();
        if (prediction().lacksRoom()) {
            throw new IOException(message + "; free space, or choose another folder or strategy");
        }
        throw new IllegalArgumentException(message);
    }

    /** Why this strategy, in one sentence. */
    public String reason() {
        if (asked) {
            return "asked for";
        }
        Optional<Seconds> own = prediction().seconds();
        if (own.isEmpty()) {
            return "the only way with the given options";
        }
        return String.format(
                Locale.ROOT,
                "least time for staging and %.4g epochs of reading: %.3g s",
                facts.epochs(),
                own.get().total());
    }

    /** Whether a run gains if GZIP files are decompressed on their way; needs rates. */
    public boolean gainsByUnpacking(int threadsPerNode) {
        if (!facts.packing().isPacked() || facts.rates().isEmpty() || strategy == Strategy.IN_PLACE) {
            return false;
        }
        double grown = facts.bytes() * facts.packing().growth();
        boolean fits = facts.freeBytes().isEmpty() || grown <= facts.freeBytes().getAsLong();
        return fits
                && unpackingSeconds(threadsPerNode, facts.epochs())
                        > moreWritingSeconds() + unpackingOnce(threadsPerNode);
    }

    private double unpackingSeconds(int threads, double epochs) {
        return epochs * facts.bytes() / facts.nodes() / facts.packing().bytesPerSecond() / threads;
    }

    private double unpackingOnce(int threads) {
        return (double) facts.bytes() / facts.packing().bytesPerSecond() / threads;
    }

    private double moreWritingSeconds() {
        Rates rates = facts.rates().orElseThrow();
        double more = facts.bytes() * (facts.packing().growth() - 1);
        return more / rates.write() + facts.epochs() * more / facts.nodes() / rates.read();
    }

    /** The plan for a person, line by line. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d files, %s, to %d %s; %.4g epochs",
                facts.files(),
                size((double) facts.bytes()),
                facts.nodes(),
                facts.nodes() == 1 ? "node" : "nodes",
                facts.epochs()));
        facts.rates().ifPresent(rates -> lines.add(rates(rates)));
        if (facts.packing().isPacked()) {
            lines.add(packing(facts.packing()));
        }
        predictions.forEach(prediction -> lines.add(line(prediction)));
        lines.add("strategy: " + strategy.option() + " (" + strategy.label() + "), " + reason());
        return lines;
    }

    private static String rates(Rates rates) {
        return "measured: source " + size(rates.sharedOfOne()) + "/s by one node, " + size(rates.sharedOfAll())
                + "/s by all; destination writes " + size(rates.write()) + "/s, reads " + size(rates.read()) + "/s"
                + (Double.isInfinite(rates.broadcast()) ? "" : "; broadcast " + size(rates.broadcast()) + "/s");
    }

    private static String packing(Packing packing) {
        return String.format(
                Locale.ROOT,
                "GZIP: %.0f %% of the files, %.3g times as large without; one thread decompresses %s/s",
                100 * packing.share(),
                packing.growth(),
                size(packing.bytesPerSecond()));
    }

    private String line(Prediction prediction) {
        String times = prediction
                .seconds()
                .map(seconds -> String.format(
                        Locale.ROOT, "staging %.3g s, reading at least %.3g s", seconds.staging(), seconds.reading()))
                .orElse("not predicted: nothing was measured");
        return String.format(
                Locale.ROOT,
                "%s %-9s %s%s",
                prediction.strategy() == strategy ? "*" : " ",
                prediction.strategy().option(),
                times,
                prediction.isPossible() ? "" : " (" + prediction.obstacle() + ")");
    }

    /** Bytes with a decimal prefix. */
    static String size(double bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
        int unit = 0;
        double value = bytes;
        while (value >= KILO && unit + 1 < units.length) {
            value /= KILO;
            unit++;
        }
        return String.format(Locale.ROOT, "%.4g %s", value, units[unit]);
    }
}
