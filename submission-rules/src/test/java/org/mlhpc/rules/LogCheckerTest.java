package org.mlhpc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mlhpc.results.mllog.MlLogReader;
import org.mlhpc.rules.Violation.Severity;

class LogCheckerTest {
    private static final LogChecker NEWEST = new LogChecker(RuleSet.of("3.0.0"), false);

    private static LogVerdict check(String ruleset, boolean strict, List<String> lines) throws IOException {
        byte[] log = String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
        return new LogChecker(RuleSet.of(ruleset), strict).check("a.txt", new ByteArrayInputStream(log));
    }

    private static List<String> model(String ruleset, String benchmark) {
        return new ModelLog(ruleset, benchmark, "closed").lines();
    }

    private static List<String> found(LogVerdict verdict, Severity severity) {
        return verdict.violations().stream()
                .filter(violation -> violation.severity() == severity)
                .map(Violation::rule)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("org.mlhpc.rules.ModelLog#all")
    void aModelLogBreaksNoRuleEvenStrictly(ModelLog log) throws IOException {
        assertEquals(List.of(), check(log.ruleset(), true, log.lines()).violations());
    }

    /** As a resumed run writes it, behind the start of the epoch that was interrupted. */
    @ParameterizedTest
    @MethodSource("org.mlhpc.rules.ModelLog#all")
    void aRunMaySayThatItWasResumed(ModelLog log) throws IOException {
        List<String> lines = new ArrayList<>(log.lines());
        int place = 0;
        while (!lines.get(place).contains("\"epoch_start\"")) {
            place++;
        }
        String time = lines.get(place).replaceFirst("(?s).*\"time_ms\": ?(\\d+).*", "$1");
        lines.add(
                place + 1,
                ":::MLLOG {\"namespace\": \"\", \"time_ms\": " + time
                        + ", \"event_type\": \"POINT_IN_TIME\", \"key\": \"run_resumed\", \"value\": {\"saved_ms\": "
                        + time
                        + ", \"resumed_ms\": " + time
                        + ", \"seconds\": 0.0}, \"metadata\": {\"file\": \"TrainingRun.java\","
                        + " \"lineno\": 1, \"epoch_num\": 1, \"step\": 17}}");

        assertEquals(List.of(), check(log.ruleset(), true, lines).violations());
    }

    @ParameterizedTest
    @CsvSource({
        "cosmoflow, cache_clear, common.cache_clear.count",
        "cosmoflow, init_start, common.init_stop.order;common.init_start.count",
        "cosmoflow, run_stop, common.run_stop.count",
        "cosmoflow, epoch_start, common.epoch_start.count",
        "cosmoflow, eval_stop, common.eval_stop.count",
        "cosmoflow, eval_error, cosmoflow.eval_error.count",
        "cosmoflow, staging_start, common.staging_stop.order",
        "cosmoflow, number_of_nodes, closed.number_of_nodes.count",
        "cosmoflow, opt_name, cosmoflow-closed.opt_name.count",
        "deepcam, seed, deepcam-closed.seed.count",
        "deepcam, opt_grad_averaging, deepcam-closed-lamb.opt_grad_averaging.count",
        "deepcam, scheduler_milestones, deepcam-closed-multistep.scheduler_milestones.count",
        "deepcam, train_samples, deepcam-closed.train_samples.count",
        "oc20, opt_learning_rate_decay_factor, oc20-closed.opt_learning_rate_decay_factor.count",
        "openfold, swa_decay_rate, openfold-closed.swa_decay_rate.count"
    })
    void aMissingKeyBreaksExactlyTheRuleThatAsksForIt(String benchmark, String key, String rules) throws IOException {
        List<String> lines = new ArrayList<>(model("3.0.0", benchmark));
        lines.removeIf(line -> line.contains("\"key\":\"" + key + "\""));

        LogVerdict verdict = check("3.0.0", false, lines);

        assertEquals(
                List.of(rules.split(";", -1)).stream().sorted().toList(),
                found(verdict, Severity.ERROR).stream().sorted().toList());
    }

    @ParameterizedTest
    @CsvSource({
        "cosmoflow, '\"value\":\"sgd\"', '\"value\":\"adam\"', cosmoflow-closed.opt_name.value",
        "cosmoflow, '\"value\":0.124', '\"value\":0.12400001', cosmoflow.eval_error.reached",
        "cosmoflow, '\"value\":0.124', '\"value\":\"low\"', cosmoflow.eval_error.type",
        "cosmoflow, '\"value\":0.5', '\"value\":1.0', cosmoflow-closed.dropout.value",
        "cosmoflow, '\"value\":\"closed\"', '\"value\":\"shut\"', common.submission_division.value",
        "cosmoflow, '\"value\":\"cosmoflow\"', '\"value\":\"bert\"', common.submission_benchmark.value",
        "cosmoflow, ',\"status\":\"success\"', '', common.run_stop.status",
        "deepcam, '\"value\":121266', '\"value\":100', deepcam-closed.train_samples.value",
        "deepcam, '\"value\":1e-6', '\"value\":1e-5', deepcam-closed.opt_eps.value",
        "deepcam, '\"value\":[0.9,0.999]', '\"value\":[0.9]', deepcam-closed.opt_betas.value",
        "openfold, '\"value\":93229082', '\"value\":93229083', openfold-closed.model_parameters_count.value",
        "oc20, '\"metadata\":{', '\"metadat\":{', log.member;log.empty",
        "oc20, '}}', '}', log.json;log.empty",
        "oc20, '\"time_ms\":', '\"time_ms\":\"at \",\"t\":', log.time;log.empty"
    })
    void aWrongTextBreaksExactlyTheRuleAboutIt(String benchmark, String good, String bad, String rules)
            throws IOException {
        List<String> lines = model("3.0.0", benchmark).stream()
                .map(line -> line.replace(good, bad))
                .toList();

        LogVerdict verdict = check("3.0.0", false, lines);

        assertEquals(
                List.of(rules.split(";", -1)),
                found(verdict, Severity.ERROR).stream().distinct().toList());
    }

    @ParameterizedTest
    @CsvSource({
        "'\"status\":\"success\"', '\"status\":\"aborted\"', common.run_stop.status",
        "'\"INTERVAL_END\",\"key\":\"staging_stop\"', '\"INTERVAL_START\",\"key\":\"staging_stop\"',"
                + " common.staging_stop.event_type",
        "'\"key\":\"seed\"', '\"key\":\"sed\"', common.seed.count",
        "'\"value\":0.9', '\"value\":0.8', cosmoflow-closed.sgd_opt_momentum.value",
        "'\"value\":[8,14]', '\"value\":[8,0]', cosmoflow-closed.opt_learning_rate_decay_boundary_epochs.value"
    })
    void whatTheOfficialCheckerLetsPassIsAWarningAndStrictlyAnError(String good, String bad, String rule)
            throws IOException {
        List<String> lines = model("3.0.0", "cosmoflow").stream()
                .map(line -> line.replace(good, bad))
                .toList();
        List<String> expected = List.of(rule);

        LogVerdict relaxed = check("3.0.0", false, lines);
        LogVerdict strict = check("3.0.0", true, lines);

        assertTrue(relaxed.passed());
        assertEquals(expected, found(relaxed, Severity.WARNING));
        assertEquals(expected, found(strict, Severity.ERROR));
    }

    @Test
    void stagingBeforeTheRunIsAllowedFromTheThirdRulesetOn() throws IOException {
        List<String> lines = new ArrayList<>(model("3.0.0", "oc20"));
        int run = lines.indexOf(lines.stream()
                .filter(line -> line.contains("run_start"))
                .findFirst()
                .orElseThrow());
        lines.add(run + 2, lines.remove(run));

        assertEquals(List.of(), check("3.0.0", false, lines).violations());
        assertEquals(List.of("common.staging_start.order"), found(check("2.0.0", false, lines), Severity.ERROR));
    }

    @Test
    void twoLinesOfOneKeyAreTwoWhenTheyDifferAndOneTooManyWhenNot() throws IOException {
        List<String> lines = new ArrayList<>(model("3.0.0", "oc20"));
        String batch = lines.stream()
                .filter(line -> line.contains("global_batch_size"))
                .findFirst()
                .orElseThrow();
        lines.add(batch);

        LogVerdict equal = check("3.0.0", false, lines);
        lines.set(lines.size() - 1, batch.replace("\"value\":8", "\"value\":16"));
        LogVerdict different = check("3.0.0", false, lines);

        assertTrue(equal.passed());
        assertEquals(List.of("oc20-closed.global_batch_size.count"), found(equal, Severity.WARNING));
        assertEquals(List.of("oc20-closed.global_batch_size.count"), found(different, Severity.ERROR));
        assertEquals(
                OptionalLong.of(lines.size()), different.violations().get(0).line());
    }

    @Test
    void aRuleBrokenInEachLineIsListedTenTimesAndCounted() throws IOException {
        List<String> lines = new ArrayList<>(model("3.0.0", "oc20"));
        for (int i = 0; i < 1000; i++) {
            lines.add(":::MLLOG broken");
        }

        List<Violation> violations = check("3.0.0", false, lines).violations();

        assertEquals(11, violations.size());
        assertEquals("the same in 990 more lines", violations.get(10).found());
        assertEquals(OptionalLong.empty(), violations.get(10).line());
    }

    @Property(tries = 200)
    void anyBytesGetAVerdict(@ForAll byte[] before, @ForAll byte[] after) throws IOException {
        byte[] token = ":::MLLOG ".getBytes(StandardCharsets.ISO_8859_1);
        byte[] log = new byte[before.length + token.length + after.length];
        System.arraycopy(before, 0, log, 0, before.length);
        System.arraycopy(token, 0, log, before.length, token.length);
        System.arraycopy(after, 0, log, before.length + token.length, after.length);

        assertFalse(NEWEST.check("random", new ByteArrayInputStream(log)).passed());
    }

    @Test
    void deepJsonIsAViolationNotAStackOverflow() throws IOException {
        List<String> lines = new ArrayList<>(model("3.0.0", "oc20"));
        lines.add(":::MLLOG {\"key\":" + "[".repeat(1_000_000));

        assertEquals(List.of("log.json"), found(check("3.0.0", false, lines), Severity.ERROR));
    }

    @Test
    void aHundredWarningsDoNotHideAnErrorOfTheSameRule() throws IOException {
        List<String> lines = new ArrayList<>(model("3.0.0", "oc20"));
        String epoch = lines.stream()
                .filter(line -> line.contains("epoch_start"))
                .findFirst()
                .orElseThrow();
        int at = lines.indexOf(epoch);
        for (int i = 0; i < 100; i++) {
            lines.add(at, epoch.replace("\"epoch_num\":1", "\"epoch_num\":\"1\""));
        }
        assertTrue(check("3.0.0", false, lines).passed());

        lines.add(at + 100, epoch.replace(",\"epoch_num\":1", ""));

        assertEquals(List.of("common.epoch_start.epoch_num"), found(check("3.0.0", false, lines), Severity.ERROR));
    }

    @ParameterizedTest
    @CsvSource({"1f8b0800, gzip", "fd377a585a00, xz", "28b52ffd, zstd", "425a6839, bzip2", "504b0304, zip"})
    void aCompressedLogIsNamedAndNotUnpacked(String start, String format) throws IOException {
        byte[] bytes = Arrays.copyOf(HexFormat.of().parseHex(start), 1000);

        LogVerdict verdict = NEWEST.check("result_0.txt.gz", new ByteArrayInputStream(bytes));

        assertEquals(List.of("log.compressed"), found(verdict, Severity.ERROR));
        assertTrue(verdict.violations().get(0).found().contains(format));
        assertTrue(verdict.violations().get(0).change().contains("unpack"));
    }

    /** Two gigabytes of one line, in a heap that tests share: only the beginning of the line may be kept. */
    @Test
    void aLineOfTwoGigabytesIsAViolationInBoundedMemory() throws IOException {
        long bytes = 1L << 31;
        byte[] model = (String.join("\n", model("3.0.0", "oc20")) + "\n").getBytes(StandardCharsets.ISO_8859_1);
        var log = new SequenceInputStream(new ByteArrayInputStream(model), new Endless((byte) 'x', bytes));

        LogVerdict verdict = NEWEST.check("long", log);

        assertEquals(List.of("log.length"), found(verdict, Severity.ERROR));
        assertEquals(
                OptionalLong.of(model("3.0.0", "oc20").size() + 1L),
                verdict.violations().get(0).line());
    }

    /** As many equal bytes as asked for. */
    private static final class Endless extends InputStream {
        private final byte value;
        private long left;

        Endless(byte value, long length) {
            this.value = value;
            this.left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? value : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(left, length);
            Arrays.fill(buffer, offset, offset + count, value);
            left -= count;
            return count;
        }
    }

    @Test
    void bytesThatAreNoUtf8AreReadAsLatin1() throws IOException {
        List<String> lines = model("3.0.0", "oc20").stream()
                .map(line -> line.replace("\"nobody\"", "\"n\u00f6b\u00ffdy\""))
                .toList();

        assertEquals(List.of(), check("3.0.0", false, lines).violations());
    }

    @Test
    void aGrowingLogIsJudgedByTheLinesThatItHas() {
        List<String> lines = model("3.0.0", "cosmoflow");
        LogCheck check = NEWEST.begin("growing");
        long number = 0;
        for (String line : lines) {
            if (line.contains("opt_name") || line.contains("\"epoch_start\"")) {
                break;
            }
            check.see(MlLogReader.parse(++number, line.substring(":::MLLOG ".length())));
        }

        assertEquals(List.of(), check.soFar());
        List<String> missing = check.missing().stream().map(Violation::rule).toList();
        assertTrue(missing.contains("cosmoflow-closed.opt_name.count"), missing.toString());
        assertTrue(missing.contains("common.train_samples.count"), missing.toString());
        assertFalse(missing.contains("cosmoflow-closed.global_batch_size.count"), "it is there");
        assertFalse(missing.toString().contains("eval_error"), "it is measured");
        assertFalse(missing.toString().contains("deepcam"), "another benchmark");
    }

    @Test
    void aGrowingLogWithAWrongValueIsBrokenAtOnceAndTheVerdictSaysTheSame() {
        LogCheck check = NEWEST.begin("growing");
        long number = 0;
        for (String line : model("3.0.0", "cosmoflow")) {
            String wrong = line.replace("\"value\":\"sgd\"", "\"value\":\"adam\"");
            check.see(MlLogReader.parse(++number, wrong.substring(":::MLLOG ".length())));
            if (!wrong.equals(line)) {
                assertEquals(
                        List.of("cosmoflow-closed.opt_name.value"),
                        check.soFar().stream().map(Violation::rule).toList());
            }
        }

        assertEquals(List.of(), check.missing());
        assertEquals(List.of("cosmoflow-closed.opt_name.value"), found(check.verdict(), Severity.ERROR));
    }
}
