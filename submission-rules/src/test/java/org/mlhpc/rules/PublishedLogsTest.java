package org.mlhpc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.results.Shared;
import org.tukaani.xz.XZInputStream;

/**
 * The verdicts of the official checker about every published log of three rounds, recorded once, are ours too. The logs and
 * the verdicts are not part of the project: they lie in a folder named {@code shared} beside the checkout or beside one of
 * the folders above it, or where {@code -Dmlhpc.shared} says.
 */
@Tag("slow")
class PublishedLogsTest {
    @ParameterizedTest
    @CsvSource({"v0.7, 0.5.0, 135, 3", "v1.0, 1.0.0, 1220, 1", "v2.0, 2.0.0, 1347, 7"})
    void everyPublishedLogGetsTheOfficialVerdict(String round, String ruleset, int logs, int failing)
            throws IOException {
        Path shared = Shared.folder();
        Map<String, Boolean> official = officialVerdicts(shared, round.substring(1));
        assertEquals(logs, official.size());
        assertEquals(
                failing, official.values().stream().filter(passed -> !passed).count());

        Map<String, LogVerdict> ours = ourVerdicts(shared, round, ruleset);

        assertEquals(official.keySet(), ours.keySet());
        var different = new TreeMap<String, List<Violation>>();
        ours.forEach((file, verdict) -> {
            if (verdict.passed() != official.get(file)) {
                different.put(file, verdict.violations());
            }
        });
        assertEquals(Map.of(), different);
    }

    /** The strict branch of the v0.7 checker was run once over the round: it rejects 23 logs. */
    @Test
    void theStrictRulesOfTheFirstRoundRejectTwentyThreeLogs() throws IOException {
        Map<String, LogVerdict> ours = ourVerdicts(Shared.folder(), "v0.7", "0.5.0-strict");

        assertEquals(
                23, ours.values().stream().filter(verdict -> !verdict.passed()).count());
    }

    /** By path within the round: whether the official checker accepted the log. */
    private static Map<String, Boolean> officialVerdicts(Path shared, String round) throws IOException {
        List<String> rows = Files.readAllLines(shared.resolve("facts/mlperf-hpc-runs.csv"));
        List<String> columns = List.of(rows.get(0).split(",", -1));
        var verdicts = new HashMap<String, Boolean>();
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",", -1);
            if (cells[columns.indexOf("round")].equals(round)) {
                verdicts.put(cells[columns.indexOf("file")], cells[columns.indexOf("official_checker")].equals("pass"));
            }
        }
        return verdicts;
    }

    private static Map<String, LogVerdict> ourVerdicts(Path shared, String round, String ruleset) throws IOException {
        var checker = new LogChecker(RuleSet.of(ruleset), false);
        var verdicts = new HashMap<String, LogVerdict>();
        Path archive = shared.resolve("published").resolve(round + ".tar.xz");
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                var tar = new TarArchiveInputStream(new XZInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName().replaceFirst("^(\\./)?" + round + "/", "");
                if (name.matches(".*/result_[^/]*\\.txt")) {
                    verdicts.put(name, checker.check(name, tar));
                }
            }
        }
        return verdicts;
    }
}
