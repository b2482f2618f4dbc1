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
import java.util.Objects;
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
        try (var in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(OfficialVerdictsTest.class.getResourceAsStream("official-verdicts.txt")),
                StandardCharsets.US_ASCII))) {
            return in
                    .lines()
                    .map(line -> line.split(": ", 2))
                    .map(line -> arguments(line[0], line[1]))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordedVerdicts")
    void everyMutantGetsTheOfficialVerdictAndACrashIsAFailure(String name, String official) throws IOException {
        String[] words = name.split(" ", -1);
        List<List<String>> mutants = Mutants.of(new ModelLog(words[0], words[1], words[2]).lines());
        var checker = new LogChecker(RuleSet.of(words[0]), false);
        assertEquals(official.length(), mutants.size(), "record the verdicts anew");

        var different = new ArrayList<String>();
        for (int i = 0; i < mutants.size(); i++) {
            LogVerdict ours = check(checker, mutants.get(i));
            if (ours.passed() != (official.charAt(i) == 'P') && different.size() < SHOWN) {
                different.add("mutant " + i + " official " + official.charAt(i) + ", ours " + ours.violations());
            }
        }

        assertEquals(List.of(), different);
    }

    private static LogVerdict check(LogChecker checker, List<String> lines) throws IOException {
        byte[] log = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
        return checker.check("mutant", new ByteArrayInputStream(log));
    }
}
