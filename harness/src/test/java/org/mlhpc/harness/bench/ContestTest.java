package org.mlhpc.harness.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.roofline.Spread;

class ContestTest {
    private final List<String> turns = new ArrayList<>();

    /** Takes {@code seconds[round]} for each step. */
    private static final class Scripted implements Contestant {
        private final String label;
        private final double[] seconds;
        private final Optional<Contestant> roof;
        private int round;

        Scripted(String label, Optional<Contestant> roof, double... seconds) {
            this.label = label;
            this.roof = roof;
            this.seconds = seconds;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public double[] secondsPerSample(int warmUp, int repetitions) {
            double[] all = new double[repetitions];
            Arrays.fill(all, seconds[round++]);
            return all;
        }

        @Override
        public Optional<Contestant> roof() {
            return roof;
        }

        @Override
        public Map<String, Double> parts() {
            return Map.of("forward", 1.0, "backward", 3.0);
        }

        @Override
        public void close() {}
    }

    private List<Contest.Result> hold(int rounds, List<Contestant> contestants) throws IOException {
        return new Contest(rounds, 1, 2)
                .hold(contestants, new LocalCommunicator(), (round, label, s) -> turns.add(label + round));
    }

    @Test
    void contestantsTakeTurns() throws IOException {
        hold(2, List.of(new Scripted("a", Optional.empty(), 1, 1), new Scripted("b", Optional.empty(), 1, 1)));

        assertEquals(List.of("a1", "b1", "a2", "b2"), turns);
    }

    @Test
    void comparesWithinARoundSoThatASlowMomentOfTheMachineCancels() throws IOException {
        List<Contest.Result> results = hold(
                3,
                List.of(
                        new Scripted("ours", Optional.empty(), 1, 10, 2),
                        new Scripted("theirs", Optional.empty(), 3, 30, 6)));

        assertEquals(new Spread(3, 3, 3, 3), results.get(1).ratio());
        assertEquals(6, results.get(1).secondsPerSample().median());
    }

    @Test
    void saysHowNearToItsRoofAContestantIs() throws IOException {
        var roof = new Scripted("roof", Optional.empty(), 1, 2);
        var steps = new Scripted("steps", Optional.of(roof), 4, 4);

        List<Contest.Result> results = hold(2, List.of(steps, roof));

        assertEquals(0.375, results.get(0).ofRoof().orElseThrow().median());
        assertTrue(results.get(1).ofRoof().isEmpty());
    }

    @Test
    void givesTheSharesOfTheParts() throws IOException {
        List<Contest.Result> results = hold(1, List.of(new Scripted("a", Optional.empty(), 1)));

        assertEquals(Map.of("forward", 0.25, "backward", 0.75), results.get(0).parts());
    }

    @Test
    void namesTheOptionThatIsOutOfRange() {
        var e = assertThrows(IllegalArgumentException.class, () -> new Contest(0, 1, 1));
        assertEquals("--rounds=0 must be at least 1", e.getMessage());
    }
}
