package org.mlhpc.results.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.Score;
import org.mlhpc.results.Shared;
import org.mlhpc.results.statistics.Sample;

class PublishedResultsTest {
    private static final List<Entry> ALL = PublishedResults.all();

    @Test
    void holdsAllRounds() {
        assertEquals(90, ALL.size());
        for (String round : List.of("0.7", "1.0", "2.0", "3.0")) {
            assertTrue(ALL.stream().anyMatch(entry -> entry.label().round().equals(Optional.of(round))), round);
        }
        assertTrue(ALL.stream().allMatch(entry -> entry.label().reviewed()));
    }

    @Test
    void equalsTheFactsCellByCell() throws IOException {
        List<Map<String, String>> facts = Shared.table("mlperf-hpc-results.csv");
        assertEquals(facts.size(), ALL.size());
        for (int i = 0; i < facts.size(); i++) {
            Map<String, String> fact = facts.get(i);
            Entry entry = ALL.get(i);
            assertEquals(fact.get("round"), entry.label().round().orElseThrow());
            assertEquals(fact.get("submitter"), entry.label().submitter());
            assertEquals(fact.get("system"), entry.label().system());
            assertEquals(fact.get("benchmark"), entry.task().benchmark());
            assertEquals(fact.get("metric"), entry.metricName());
            assertEquals(
                    Double.parseDouble(fact.get("score_minutes_or_models_per_min")),
                    entry.measured().score().orElseThrow());
        }
    }

    /** Single runs, where they are known, make the score: six printed decimals of each. */
    @Test
    void scoresFollowFromTheRuns() {
        int checked = 0;
        for (Entry entry : ALL) {
            Sample minutes = entry.measured().minutes().orElseThrow();
            if (!minutes.values().isEmpty() && entry.measured().failing() == 0) {
                double[] values = minutes.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
                assertEquals(
                        entry.measured().score().orElseThrow(),
                        Score.olympicMean(values) * entry.measured().factor(),
                        2e-5,
                        entry.name());
                checked++;
            }
        }
        assertTrue(checked > 35, () -> "few rows have runs");
    }

    @Test
    void partsOfARunFitIntoIt() {
        for (Entry entry : ALL) {
            Entry.Measured measured = entry.measured();
            double parts = entry.stagingInside()
                    + measured.trainMinutes().orElse(0)
                    + measured.evalMinutes().orElse(0);
            // Training time is taken from a mean rate; the mean over runs of its inverse differs a little.
            assertTrue(
                    parts <= 1.01 * measured.minutes().orElseThrow().mean(),
                    () -> entry.name() + " "
                            + entry.task().benchmark() + ": " + parts + " of "
                            + measured.minutes().orElseThrow().mean());
        }
    }
}
