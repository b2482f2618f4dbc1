package org.mlhpc.harness.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.roofline.Spread;

/**
 * Lets contestants take turns, round by round, so that what disturbs the machine meets them alike; compared are their
 * medians within a round.
 *
 * @param rounds turns of each contestant
 * @param warmUp steps before the timed ones of each turn
 * @param repetitions timed steps of each turn
 */
public record Contest(int rounds, int warmUp, int repetitions) {
    public Contest {
        requireAtLeast("rounds", rounds, 1);
        requireAtLeast("warm-up", warmUp, 0);
        requireAtLeast("steps", repetitions, 1);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("--" + name + "=" + value + " must be at least " + least);
        }
    }

    /**
     * How a contestant did.
     *
     * @param secondsPerSample of all ranks together
     * @param ratio its median time in a round over that of the first contestant
     * @param ofRoof median time of its roof in a round over its own; empty if it has none
     * @param parts share of each part of the step in their sum
     */
    public record Result(
            String label, Spread secondsPerSample, Spread ratio, Optional<Spread> ofRoof, Map<String, Double> parts) {}

    /** Told after each turn. */
    @FunctionalInterface
    public interface Listener {
        void turn(int round, String label, double secondsPerSample);
    }

    /** Holds the contest; results in the order of the contestants. Collective. */
    public List<Result> hold(List<? extends Contestant> contestants, Communicator world, Listener listener)
            throws IOException {
        double[][] medians = new double[contestants.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contestants.size(); i++) {
                Contestant contestant = contestants.get(i);
                world.barrier();
                double[] seconds = contestant.secondsPerSample(warmUp, repetitions);
                medians[i][round] = world.max(Spread.of(seconds).median()) / world.size();
                listener.turn(round + 1, contestant.label(), medians[i][round]);
            }
        }
        var results = new ArrayList<Result>();
        for (int i = 0; i < contestants.size(); i++) {
            Contestant contestant = contestants.get(i);
            double[] own = medians[i];
            results.add(new Result(
                    contestant.label(),
                    Spread.of(own),
                    ratios(own, medians[0]),
                    contestant.roof().map(roof -> ratios(medians[contestants.indexOf(roof)], own)),
                    shares(contestant.parts())));
        }
        return results;
    }

    private static Spread ratios(double[] seconds, double[] others) {
        double[] ratios = new double[seconds.length];
        Arrays.setAll(ratios, round -> seconds[round] / others[round]);
        return Spread.of(ratios);
    }

    private static Map<String, Double> shares(Map<String, Double> seconds) {
        double sum = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        var shares = new LinkedHashMap<String, Double>();
        seconds.forEach((part, value) -> shares.put(part, value / sum));
        return shares;
    }
}
