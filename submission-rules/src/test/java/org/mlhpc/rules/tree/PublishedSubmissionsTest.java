package org.mlhpc.rules.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.results.Shared;
import org.mlhpc.rules.RuleSet;

/** Whole published rounds: the scores to all printed digits, and the verdicts of the official package checker. */
@Tag("slow")
class PublishedSubmissionsTest {
    /** Six decimals are printed; a little more, because a tie can be rounded either way. */
    private static final double HALF_A_PRINTED_DIGIT = 0.5001e-6;

    @TempDir
    private Path round;

    @ParameterizedTest
    @CsvSource({"v0.7, 0.5.0, 15", "v1.0, 1.0.0, 31", "v2.0, 2.0.0, 22"})
    void everyPublishedScoreIsReproduced(String name, String ruleset, int rows) throws IOException {
        Shared.unpack(name, round);

        TreeVerdict verdict = new SubmissionChecker(RuleSet.of(ruleset), false).check(round);

        Map<String, Double> published = published(name.substring(1));
        assertEquals(rows, published.size());
        var ours = new TreeMap<String, Double>();
        for (SetVerdict set : verdict.sets()) {
            ours.put(
                    round.relativize(set.set().folder()).toString(), set.score().orElse(Double.NaN));
        }
        assertEquals(published.keySet(), ours.keySet());
        published.forEach((set, score) -> assertEquals(score, ours.get(set), HALF_A_PRINTED_DIGIT, set));
    }

    private static Map<String, Double> published(String round) throws IOException {
        return Shared.table("mlperf-hpc-results.csv").stream()
                .filter(row -> round.equals(row.get("round")))
                .collect(Collectors.toMap(
                        row -> String.valueOf(row.get("path-in-repo")),
                        row -> Double.valueOf(String.valueOf(row.get("score_minutes_or_models_per_min"))),
                        (a, b) -> a,
                        TreeMap::new));
    }

    /**
     * The official package checker (mlcommons/logging, master) rejects these organisations: for logs without seed, and for
     * convergence that is significantly faster than the reference's.
     */
    @ParameterizedTest
    @CsvSource({
        "v1.0, 1.0.0, HelmholtzAI LBNL NVIDIA TACC, LBNL NVIDIA",
        "v2.0, 2.0.0, HelmholtzAI NVIDIA tacc, HelmholtzAI"
    })
    void rejectsTheOrganisationsThatTheOfficialCheckerRejects(
            String name, String ruleset, String rejected, String converging) throws IOException {
        Shared.unpack(name, round);
        var failing = new TreeSet<String>();
        var tooFast = new TreeSet<String>();

        for (Path organisation : organisations()) {
            TreeVerdict verdict = new SubmissionChecker(RuleSet.of(ruleset), false).check(organisation);
            String called = organisation.getFileName().toString();
            if (!verdict.passed()) {
                failing.add(called);
            }
            if (verdict.sets().stream()
                    .flatMap(set -> set.violations().stream())
                    .anyMatch(violation -> violation.rule().equals("set/convergence"))) {
                tooFast.add(called);
            }
        }

        assertEquals(names(rejected), failing);
        assertEquals(names(converging), tooFast);
    }

    private Set<Path> organisations() throws IOException {
        try (Stream<Path> folders = Files.list(round)) {
            return folders.collect(Collectors.toSet());
        }
    }

    private static Set<String> names(String list) {
        return new TreeSet<>(Arrays.asList(list.split(" ", -1)));
    }
}
