package org.mlhpc.results.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.results.Shared;
import org.mlhpc.results.statistics.Sample;

/** Three published rounds, read from their logs, against the tables of facts. */
@Tag("slow")
class PublishedRoundsTest {
    /** Six decimals are printed; a little more, because a tie can be rounded either way. */
    private static final double HALF_A_PRINTED_DIGIT = 0.5001e-6;

    private static final double HALF_A_PERCENT = 0.005;

    /** Four decimals of a minute are printed; half of the last. */
    private static final double STAGING_DIGIT = 0.5001e-4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"v0.7, 15", "v1.0, 31", "v2.0, 22"})
    void entriesEqualTheFacts(String round, int rows) throws IOException {
        Path tree = folder.resolve(round);
        Shared.unpack(round, tree);

        Reading reading = EntryReader.read(tree);

        // The only complaint: the run of round 0.7 that was stopped.
        assertTrue(
                reading.problems().stream().allMatch(problem -> problem.contains("no run_stop")),
                () -> reading.problems().toString());
        Map<String, Map<String, String>> facts = facts(round, "mlperf-hpc-results.csv");
        Map<String, Map<String, String>> more = facts(round, "mlperf-hpc-results-extra.csv");
        assertEquals(rows, facts.size());
        Map<String, Entry> ours = reading.entries().stream()
                .collect(Collectors.toMap(
                        entry -> tree.relativize(entry.files().get(0).getParent())
                                .toString(),
                        entry -> entry,
                        (a, b) -> a,
                        TreeMap::new));
        assertEquals(facts.keySet(), ours.keySet());
        ours.forEach((set, entry) -> {
            compare(set, entry, facts.get(set));
            compareDerived(set, entry, more.get(set));
        });
    }

    /** All logs of three rounds, 294 MB, on two cores; heap and time of the whole command are in docs/log.md. */
    @Test
    void threeRoundsAreReadInLessThanTwentySeconds() throws IOException {
        for (String round : List.of("v0.7", "v1.0", "v2.0")) {
            Shared.unpack(round, folder.resolve(round));
        }

        Reading reading = assertTimeout(Duration.ofSeconds(20), () -> EntryReader.read(folder));

        assertEquals(15 + 31 + 22, reading.entries().size());
    }

    /** The bundled rows were made by another reader of the same logs. */
    @Test
    void bundledRowsEqualTheLogs() throws IOException {
        Map<List<Object>, Entry> bundled = byIdentity(PublishedResults.all());
        for (String round : List.of("v0.7", "v2.0")) {
            Shared.unpack(round, folder.resolve(round));
        }

        Map<List<Object>, Entry> read = byIdentity(EntryReader.read(folder).entries());

        read.forEach((identity, entry) -> {
            Entry row = bundled.get(identity);
            String name = identity.toString();
            assertEquals(row.machine().scale(), entry.machine().scale(), name);
            assertEquals(row.task(), entry.task(), name);
            Entry.Measured ours = entry.measured();
            assertEquals(row.measured().score().orElseThrow(), ours.score().orElseThrow(), HALF_A_PRINTED_DIGIT, name);
            assertEquals(
                    row.measured().minutes().orElseThrow().mean(),
                    ours.minutes().orElseThrow().mean(),
                    1e-4,
                    name);
            assertEquals(
                    row.measured().samples().orElseThrow().mean(),
                    ours.samples().orElseThrow().mean(),
                    1e-6 * ours.samples().orElseThrow().mean(),
                    name);
            if (ours.evalMinutes().isPresent()) {
                assertEquals(
                        row.measured().evalMinutes().orElseThrow(),
                        ours.evalMinutes().getAsDouble(),
                        1e-3,
                        name);
            }
        });
    }

    private static Map<List<Object>, Entry> byIdentity(List<Entry> entries) {
        return entries.stream()
                .collect(Collectors.toMap(
                        entry -> List.of(
                                entry.label().round().orElse(""),
                                entry.label().division(),
                                entry.label().system(),
                                entry.task().benchmark(),
                                entry.task().metric()),
                        entry -> entry));
    }

    private static void compare(String set, Entry entry, Map<String, String> fact) {
        assertEquals(
                number(fact, "score_minutes_or_models_per_min").orElseThrow(),
                entry.measured().score().orElse(Double.NaN),
                HALF_A_PRINTED_DIGIT,
                set);
        assertEquals(Optional.of(fact.get("round")), entry.label().round(), set);
        assertEquals(fact.get("division"), entry.label().division(), set);
        assertEquals(fact.get("submitter"), entry.label().submitter(), set);
        assertEquals(Long.parseLong(fact.get("nodes")), entry.machine().nodes().orElseThrow(), set);
        assertEquals(
                Long.parseLong(fact.get("accelerators")),
                entry.machine().accelerators().orElseThrow(),
                set);
        assertEquals(
                Long.parseLong(fact.get("global_batch_size")),
                entry.task().batch().orElseThrow(),
                set);
        near(set, fact, "epochs_to_converge(mean)", entry.epochs().map(Sample::mean), HALF_A_PERCENT);
        OptionalDouble staging = number(fact, "staging_minutes(mean)");
        assertEquals(staging.isPresent(), entry.measured().staging().isPresent(), set);
        entry.measured()
                .staging()
                .ifPresent(ours -> assertEquals(staging.orElseThrow(), ours.minutes(), STAGING_DIGIT));
        near(
                set,
                fact,
                "samples_per_second",
                entry.measured().samplesPerSecond().map(Sample::mean),
                HALF_A_PERCENT);
    }

    /** Rates of which the facts say nothing (evaluation within epochs, v0.7 DeepCAM) are not compared. */
    private static void compareDerived(String set, Entry entry, Map<String, String> fact) {
        near(set, fact, "run_minutes_mean", entry.measured().minutes().map(Sample::mean), 1e-4);
        near(
                set,
                fact,
                "train_only_samples_per_second_mean",
                entry.measured().trainSamplesPerSecond().map(Sample::mean),
                HALF_A_PERCENT);
        near(
                set,
                fact,
                "train_samples_to_converge_mean",
                entry.measured().samples().map(Sample::mean),
                HALF_A_PERCENT);
        assertEquals(Integer.parseInt(fact.get("n_failing")), entry.measured().failing(), set);
        if (entry.measured().staging().isPresent()) {
            assertEquals(
                    fact.get("staging_position").equals("in_run"),
                    entry.measured().staging().get().inside(),
                    set);
        }
    }

    private static void near(
            String set, Map<String, String> fact, String column, Optional<Double> ours, double tolerance) {
        OptionalDouble expected = number(fact, column);
        if (expected.isPresent()) {
            double value = expected.getAsDouble();
            assertEquals(value, ours.orElse(Double.NaN), tolerance * value, set + ": " + column);
        }
    }

    private static OptionalDouble number(Map<String, String> row, String column) {
        String text = row.get(column);
        return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
    }

    private static Map<String, Map<String, String>> facts(String round, String table) throws IOException {
        List<Map<String, String>> rows = Shared.table(table);
        return rows.stream()
                .filter(row -> round.substring(1).equals(row.get("round")))
                .collect(Collectors.toMap(
                        row -> String.valueOf(row.get("path-in-repo")), row -> row, (a, b) -> a, TreeMap::new));
    }
}
