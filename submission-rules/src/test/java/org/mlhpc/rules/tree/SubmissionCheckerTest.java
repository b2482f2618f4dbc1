package org.mlhpc.rules.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.results.tree.SubmissionTree;
import org.mlhpc.rules.LogFiles;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.ModelLog;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.Violation.Severity;
import org.mlhpc.rules.report.CheckReport;
import org.mlhpc.rules.report.VerdictFormat;

class SubmissionCheckerTest {
    @TempDir
    private Path tree;

    private Path organisation;
    private Path strong;
    private final Map<String, String> system = new LinkedHashMap<>();

    @BeforeEach
    void writeSubmission() throws IOException {
        organisation = tree.resolve("Example");
        strong = Files.createDirectories(organisation.resolve("results/box/strong/oc20"));
        Files.createDirectories(organisation.resolve("systems"));
        SubmissionChecker.systemFields().forEach(name -> system.put(name, "\"something\""));
        system.put("division", "\"closed\"");
        system.put("number_of_nodes", "\"1\"");
        system.put("host_processors_per_node", "\"1\"");
        system.put("accelerators_per_node", "\"0\"");
        writeSystem();
        for (int i = 0; i < 5; i++) {
            write(strong, i, i, "1");
        }
    }

    private void writeSystem() throws IOException {
        var json = new ArrayList<String>();
        system.forEach((name, value) -> json.add("\"" + name + "\": " + value));
        Files.writeString(organisation.resolve("systems/box.json"), "{\n" + String.join(",\n", json) + "\n}\n");
    }

    /** At batch size 256 with 21 epochs, which is what the reference needs, or a little more. */
    private static void write(Path folder, int number, long seed, String nodes) throws IOException {
        List<String> lines = new ModelLog("3.0.0", "oc20", "closed")
                .lines().stream()
                        .map(line -> with(line, "seed", "7", String.valueOf(seed)))
                        .map(line -> with(line, "global_batch_size", "8", "256"))
                        .map(line -> with(line, "number_of_nodes", "1", nodes))
                        .map(line -> line.replace("\"epoch_num\":2", "\"epoch_num\":21"))
                        .toList();
        Files.createDirectories(folder);
        Files.write(folder.resolve("result_" + number + ".txt"), lines);
    }

    private static String with(String line, String key, String old, String value) {
        return line.contains("\"" + key + "\"") ? line.replace("\"value\":" + old, "\"value\":" + value) : line;
    }

    private static List<Violation> violations(TreeVerdict verdict) {
        var all = new ArrayList<>(verdict.violations());
        verdict.sets().forEach(set -> all.addAll(set.violations()));
        return all;
    }

    private List<Violation> check() throws IOException {
        return violations(new SubmissionChecker(RuleSet.of("3.0.0"), false).check(tree));
    }

    private static String shown(Violation violation) {
        return violation.severity() + " " + violation.rule() + ": " + violation.found();
    }

    private List<String> found() throws IOException {
        return check().stream().map(SubmissionCheckerTest::shown).toList();
    }

    @Test
    void aSubmissionThatKeepsTheRulesHasNothingToSay() throws IOException {
        assertEquals(List.of(), found());
    }

    @Test
    void aBenchmarkFolderAloneIsCheckedAsASet() throws IOException {
        Files.delete(strong.resolve("result_4.txt"));

        assertTrue(SubmissionTree.isAt(strong));
        TreeVerdict verdict = new SubmissionChecker(RuleSet.of("3.0.0"), false).check(strong);

        assertEquals(1, verdict.sets().size());
        assertEquals(
                List.of("ERROR set/runs: 4 logs"),
                violations(verdict).stream().map(SubmissionCheckerTest::shown).toList());
    }

    @Test
    void eachViolationSaysWhatWhereAndWhatToChange() throws IOException {
        system.remove("cooling");
        writeSystem();

        Violation violation = check().get(0);

        assertEquals("system/cooling", violation.rule());
        assertEquals(Severity.ERROR, violation.severity());
        assertEquals("submission_rules: System description", violation.section());
        assertEquals(organisation.resolve("systems/box.json").toString(), violation.file());
        assertEquals("no field", violation.found());
        assertEquals("a text", violation.allowed());
        assertEquals("add \"cooling\"", violation.change());
    }

    @ParameterizedTest
    @CsvSource({
        "accelerators_per_node, 4, ERROR system/accelerators_per_node: 4",
        "accelerators_per_node, '\"many\"', ERROR system/accelerators_per_node: \"many\"",
        "host_processor_core_count, 64, ERROR system/host_processor_core_count: 64",
        "framework, null, ERROR system/framework: null",
        "number_of_nodes, 1, WARNING system/number_of_nodes: 1",
        "cooling, '\"\"', WARNING system/cooling: \"\"",
        "cooling, '\"unknown\"', WARNING system/cooling: \"unknown\"",
        "division, '\"shut\"', WARNING system/division: \"shut\""
    })
    void aWrongFieldOfASystemDescriptionIsNamedWithItsLine(String field, String value, String expected)
            throws IOException {
        system.put(field, value);
        writeSystem();

        Violation violation = check().get(0);

        assertEquals(expected, shown(violation));
        // The first line has the brace.
        int line = 2 + List.copyOf(system.keySet()).indexOf(field);
        assertEquals(OptionalLong.of(line), violation.line());
    }

    @ParameterizedTest
    @CsvSource({
        "'[]', no JSON object",
        "'{\"a\": ', end-of-input",
        "'', no JSON object",
        "'{} more', after the JSON object",
        "'{} {}', after the JSON object",
        "'{\"a\":[[[[[[[[[[[[[[[[[[[[[[', depth"
    })
    void aBrokenSystemDescriptionIsAViolation(String text, String reason) throws IOException {
        Files.writeString(organisation.resolve("systems/box.json"), text);

        Violation violation = check().get(0);

        assertEquals("system/json", violation.rule());
        assertTrue(violation.found().contains(reason), violation.found());
    }

    @Test
    void aMissingSystemDescriptionIsAnError() throws IOException {
        Files.delete(organisation.resolve("systems/box.json"));

        assertTrue(found().get(0).startsWith("ERROR set/system: no file"), found().toString());
    }

    @Test
    void seedsMustBeThereAndDiffer() throws IOException {
        write(strong, 4, 3, "1");
        Path log = strong.resolve("result_0.txt");
        Files.writeString(log, Files.readString(log).replace("\"seed\"", "\"sed\""));

        assertEquals(
                List.of(
                        "ERROR set/seeds: seed 3 in result_3.txt and in result_4.txt",
                        "ERROR set/seeds: no seed in result_0.txt"),
                found());
    }

    @Test
    void oneFailingLogIsToleratedTwoAreNot() throws IOException {
        Files.writeString(strong.resolve("result_0.txt"), "nothing");
        assertTrue(found().contains("WARNING set/failing: result_0.txt fails"), found().toString());

        Files.writeString(strong.resolve("result_1.txt"), "nothing");
        assertTrue(found().contains("ERROR set/failing: 2 logs fail: result_0.txt, result_1.txt"), found().toString());
        assertTrue(found().contains("WARNING set/score: no time to train"), found().toString());
    }

    @Test
    void otherFilesBesideTheLogsAreNamed() throws IOException {
        Files.writeString(strong.resolve("result.log"), "");
        Files.createDirectory(strong.resolve("pruned_results"));
        Files.writeString(strong.resolve("scaling.json"), "{\"scaling_factor\": 1.0}");

        assertEquals(List.of("WARNING set/files: pruned_results, result.log"), found());
    }

    @Test
    void linksAreReportedAndNotFollowedOutOfTheTree(@TempDir Path elsewhere) throws IOException {
        Path outside = Files.move(strong.resolve("result_4.txt"), elsewhere.resolve("secret.txt"));
        Files.createSymbolicLink(strong.resolve("result_4.txt"), outside);
        Files.createSymbolicLink(organisation.resolve("results/loop"), organisation.resolve("results"));
        Files.createSymbolicLink(organisation.resolve("systems/box2.json"), outside);

        List<String> found = found();

        assertTrue(
                found.contains("ERROR tree/link: symbolic links, which are not followed: box2.json"), found.toString());
        assertTrue(found.contains("ERROR tree/link: symbolic links, which are not followed: loop"), found.toString());
        assertTrue(
                found.contains("ERROR tree/link: symbolic links, which are not followed: result_4.txt"),
                found.toString());
        assertTrue(found.contains("ERROR set/runs: 4 logs"), found.toString());
        assertFalse(found.toString().contains("secret"), found.toString());
    }

    @Test
    void foldersThatTheRoundDoesNotHaveAreNamed() throws IOException {
        Files.createDirectories(organisation.resolve("results/box/medium/oc20"));
        Files.createDirectories(organisation.resolve("results/box/strong/bert"));

        assertEquals(List.of("ERROR tree/metric: folder medium", "WARNING tree/benchmark: folder bert"), found());
    }

    @Test
    void aSubmissionInWhichNothingIsCheckedIsAWarning() throws IOException {
        Files.move(strong, organisation.resolve("results/box/strong/bert"));

        assertEquals(
                List.of(
                        "WARNING tree/benchmark: folder bert",
                        "WARNING tree/runs: no set of runs, so nothing was checked"),
                found());
    }

    @Test
    void throughputNeedsOneScaleAndATimeToTrain() throws IOException {
        Path weak = organisation.resolve("results/box/weak/oc20");
        Files.createDirectories(weak.getParent());
        Files.move(strong, weak);
        write(weak, 5, 55, "2");
        write(weak.resolve("pruned_results"), 6, 5, "1");
        Files.writeString(weak.resolve("pruned_results/result_7.txt"), "nothing");

        List<String> found = found();

        assertTrue(found.contains("ERROR set/scale: instances of [1, 2] accelerators or nodes"), found.toString());
        assertTrue(
                found.contains("WARNING tree/throughput: throughput without time to train of oc20"), found.toString());
        assertTrue(found.contains("WARNING set/pruned: 1 of 2 pruned logs fail: result_7.txt"), found.toString());
        assertTrue(csv().contains("pruned_results/result_7.txt,,error,"), csv());

        Files.delete(weak.resolve("result_5.txt"));
        system.put("number_of_nodes", "\"100\"");
        writeSystem();
        assertTrue(found().contains("WARNING set/scale: a system of 100 with 7 instances of 1"), found().toString());
    }

    private String csv() throws IOException {
        TreeVerdict verdict = new SubmissionChecker(RuleSet.of("3.0.0"), false).check(tree);
        return VerdictFormat.CSV.format(new CheckReport("3.0.0", List.of(), List.of(verdict)));
    }

    @Test
    void anotherDivisionInTheLogsThanInTheDescriptionIsAWarning() throws IOException {
        system.put("division", "\"open\"");
        writeSystem();

        assertEquals(List.of("WARNING set/division: division 'open' in box.json, [closed] in the logs"), found());
    }

    @Test
    void theExpectedFactorIsWrittenWhereTheUserSaysAndNeverIntoTheTree(@TempDir Path out) throws IOException {
        for (int i = 0; i < 5; i++) {
            Path log = strong.resolve("result_" + i + ".txt");
            Files.writeString(log, Files.readString(log).replace("\"epoch_num\":21", "\"epoch_num\":19"));
        }
        Map<Path, FileTime> before = state();

        TreeVerdict verdict = new SubmissionChecker(RuleSet.of("3.0.0"), false).check(tree);
        ScalingFiles.write(out, List.of(tree), List.of(verdict));

        assertEquals(before, state());
        // The reference needs 19.75 epochs at batch size 256.
        assertEquals(19.75 / 19, verdict.sets().get(0).expectedFactor().orElseThrow(), 1e-12);
        assertEquals(
                "{\"scaling_factor\": " + 19.75 / 19 + "}\n",
                Files.readString(out.resolve("Example/results/box/strong/oc20/scaling.json")));
        assertThrows(
                IllegalArgumentException.class,
                () -> ScalingFiles.write(tree.resolve("scaling"), List.of(tree), List.of(verdict)));
        assertEquals(before, state());
    }

    private Map<Path, FileTime> state() throws IOException {
        var state = new TreeMap<Path, FileTime>();
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.toList()) {
                state.put(path, Files.getLastModifiedTime(path));
            }
        }
        return state;
    }

    @Test
    void aLinkThatIsGivenIsFollowedAndDoesNotLetFactorsBeWrittenIntoTheTree(@TempDir Path elsewhere)
            throws IOException {
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), tree);

        assertTrue(SubmissionTree.isAt(link));
        TreeVerdict verdict = new SubmissionChecker(RuleSet.of("3.0.0"), false).check(link);

        assertEquals(1, verdict.sets().size());
        assertEquals(5, LogFiles.in(link).size());
        assertThrows(
                IllegalArgumentException.class,
                () -> ScalingFiles.write(link.resolve("new/folder"), List.of(tree), List.of(verdict)));
    }

    @Test
    void anUnreadableLogIsAViolationOfThatLog() {
        LogVerdict verdict = LogVerdict.unreadable(strong.resolve("result_0.txt"), new IOException("denied"));

        assertFalse(verdict.passed());
        assertEquals("IOException: denied", verdict.violations().get(0).found());
    }

    @Test
    void anUnreadableScalingFileIsAnErrorAndAGoodOneScalesTheScore() throws IOException {
        double unscaled = score();
        for (String bad : List.of(
                "{", "[]", "{\"scaling_factor\": -1}", "{\"scaling_factor\": 1e999}", "{\"scaling_factor\": \"1\"}")) {
            Files.writeString(strong.resolve("scaling.json"), bad);
            assertEquals(List.of("ERROR set/scaling: scaling.json without a positive scaling_factor"), found(), bad);
        }
        Files.writeString(strong.resolve("scaling.json"), "{\"scaling_factor\": 1.25}");

        assertEquals(1.25 * unscaled, score(), 1e-12);
    }

    private double score() throws IOException {
        return new SubmissionChecker(RuleSet.of("3.0.0"), false)
                .check(tree)
                .sets()
                .get(0)
                .score()
                .orElseThrow();
    }
}
