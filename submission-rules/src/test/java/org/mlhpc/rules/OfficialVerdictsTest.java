package org.mlhpc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Verdicts about mutants of model logs agree with those recorded from the official checker (record_verdicts.py). */
@Tag("slow")
class OfficialVerdictsTest {
    private static final int SHOWN = 10;

    /** Model log, and one letter for each of its mutants: P passed, F failed, C the official checker crashed. */
    static Stream<Arguments> recordedVerdicts() throws IOException {
        return read("official-verdicts.txt").entrySet().stream().map(line -> arguments(line.getKey(), line.getValue()));
    }

    /** The verdicts of a file, one letter for each mutant, by the name of the log. */
    static Map<String, String> read(String resource) throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(OfficialVerdictsTest.class.getResourceAsStream(resource)),
                StandardCharsets.US_ASCII))) {
            return in.lines()
                    .map(line -> line.split(": ", 2))
                    .collect(Collectors.toMap(line -> line[0], line -> line[1], (a, b) -> a, TreeMap::new));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordedVerdicts")
    void everyMutantGetsTheOfficialVerdictAndACrashIsAFailure(String name, String official) throws IOException {
        String[] words = name.split(" ", -1);
        List<List<String>> mutants = Mutants.of(new ModelLog(words[0], words[1], words[2]).lines());

        assertEquals(
                List.of(),
                differences(words[0], mutants, official).stream().limit(SHOWN).toList());
    }

    /** One line for each mutant whose verdict is not ours. */
    static List<String> differences(String ruleset, List<List<String>> mutants, String official) throws IOException {
        assertEquals(official.length(), mutants.size(), "record the verdicts anew");
        var checker = new LogChecker(RuleSet.of(ruleset), false);
        var different = new ArrayList<String>();
        for (int i = 0; i < mutants.size(); i++) {
            LogVerdict ours = check(checker, mutants.get(i));
            if (ours.passed() != (official.charAt(i) == 'P')) {
                different.add("mutant " + i + " official " + official.charAt(i) + ", ours " + ours.violations());
            }
        }
        return different;
    }

    private static LogVerdict check(LogChecker checker, List<String> lines) throws IOException {
        byte[] log = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
        return checker.check("mutant", new ByteArrayInputStream(log));
    }
}
