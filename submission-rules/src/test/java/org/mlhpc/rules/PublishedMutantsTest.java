package org.mlhpc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.Shared;

/**
 * Verdicts about mutants of published logs agree with those recorded from the official checker (record_verdicts.py). The logs
 * are not part of the project, see {@link Shared}; only the verdicts are.
 */
@Tag("slow")
class PublishedMutantsTest {
    private static final int LEAST_MUTANTS = 5_000;
    private static final int SHOWN = 10;

    @TempDir
    private Path published;

    @Test
    void everyMutantGetsTheOfficialVerdictAndACrashIsAFailure() throws IOException {
        Map<String, String> official = OfficialVerdictsTest.read("official-verdicts-published.txt");
        for (String round : List.of("v0.7", "v1.0", "v2.0")) {
            Shared.unpack(round, published.resolve(round));
        }
        var different = new ArrayList<String>();
        var counts = new TreeMap<Character, Integer>();
        for (PublishedMutants mutants : PublishedMutants.all()) {
            String verdicts = official.getOrDefault(mutants.name(), "");
            different.addAll(OfficialVerdictsTest.differences(mutants.ruleset(), mutants.of(published), verdicts));
            verdicts.chars().forEach(verdict -> counts.merge((char) verdict, 1, Integer::sum));
        }

        assertEquals(List.of(), different.stream().limit(SHOWN).toList());
        assertTrue(counts.values().stream().mapToInt(Integer::intValue).sum() >= LEAST_MUTANTS, counts.toString());
        assertTrue(counts.keySet().containsAll(List.of('P', 'F', 'C')), counts.toString());
    }
}
