package org.mlhpc.rules.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.tree.SubmissionChecker;

class PackagerTest {
    private static final String RESULTS = "Example/results/box/strong/oc20";

    @TempDir
    private Path work;

    private Path target;
    private FinishedRuns runs;

    @BeforeEach
    void prepare() throws IOException {
        target = work.resolve("submission");
        runs = new FinishedRuns(work.resolve("runs"), "oc20", "open");
        FinishedRuns.system(work.resolve("box.json"), "open");
    }

    private void addRuns(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            runs.add(i, 100 + i, 10 + i);
        }
    }

    private PackageManifest make(Metric metric) throws IOException, NotQualified {
        return make(metric, "3.0.0");
    }

    private PackageManifest make(Metric metric, String ruleset) throws IOException, NotQualified {
        var request = new PackageRequest(
                "Example",
                "box",
                work.resolve("box.json"),
                metric,
                List.of(work.resolve("runs")),
                target,
                RuleSet.of(ruleset));
        return new Packager(new Redaction("login1.cluster.example", "miller", Path.of("/home/miller"))).make(request);
    }

    private PackageManifest make() throws IOException, NotQualified {
        return make(Metric.TIME_TO_TRAIN);
    }

    /** The reason, and nothing left behind. */
    private String refusal(Metric metric) throws IOException {
        String reason = assertThrows(NotQualified.class, () -> make(metric)).getMessage();
        assertNothingLeft();
        return reason;
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> left = Files.list(work)) {
            assertEquals(
                    Set.of("runs", "box.json"),
                    left.map(path -> path.getFileName().toString()).collect(Collectors.toSet()));
        }
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> tree = Files.walk(target)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> target.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void makesTheTreeOfTheRulesWithScoreAndChecksums() throws IOException, NotQualified {
        addRuns(5);

        PackageManifest manifest = make();

        var expected = new TreeSet<>(Set.of(
                "manifest.json",
                "Example/systems/box.json",
                "Example/benchmarks/oc20/implementations/mlhpc/README.md",
                "Example/benchmarks/oc20/box/box_mlhpc.json",
                "Example/benchmarks/oc20/box/README.md",
                "Example/benchmarks/oc20/box/setup.sh",
                "Example/benchmarks/oc20/box/init_datasets.sh",
                "Example/benchmarks/oc20/box/run_and_time.sh"));
        for (int i = 0; i < 5; i++) {
            expected.add(RESULTS + "/result_" + i + ".txt");
        }
        assertEquals(expected, files());
        // 10, 11, 12, 13 and 14 minutes without the fastest and the slowest.
        assertEquals(12, manifest.scores().get(RESULTS), 1e-12);
        assertEquals("1a2b", manifest.settingsHash());
        assertEquals("0.1.0, git revision abc123", manifest.program());
        assertEquals(expected.size() - 1, manifest.files());
        assertTrue(
                new SubmissionChecker(RuleSet.of("3.0.0"), false).check(target).passed());
        assertEquals(List.of(), PackageManifest.read(target).differences(target));
        Path link = Files.createSymbolicLink(work.resolve("link"), target);
        assertEquals(List.of(), PackageManifest.read(link).differences(link));
    }

    @Test
    void theRunScriptRepeatsSettingsAndSeeds() throws IOException, NotQualified {
        addRuns(5);
        make();

        Path script = target.resolve("Example/benchmarks/oc20/box/run_and_time.sh");
        String text = Files.readString(script);
        assertTrue(Files.isExecutable(script));
        assertTrue(text.contains("for seed in 100 101 102 103 104; do"), text);
        assertTrue(text.contains("--ranks 2 --division open --org Example --platform box"), text);
        assertTrue(text.contains("--set 'lr_decay_boundary_epochs=4, 8'"), text);
        assertTrue(text.contains("--set base_lr=0.005"), text);
        String data = Files.readString(target.resolve("Example/benchmarks/oc20/box/init_datasets.sh"));
        assertTrue(data.contains("data generate oc20 --config tiny"), data);
    }

    @Test
    void ofMoreRunsThanNeededTheConsecutiveOnesWithTheMedianScoreAreTaken() throws IOException, NotQualified {
        addRuns(7);

        PackageManifest manifest = make();

        // Olympic means of the three choices: 12, 13 and 14 minutes.
        assertEquals(13, manifest.scores().get(RESULTS), 1e-12);
        String first = Files.readString(target.resolve(RESULTS + "/result_0.txt"), StandardCharsets.ISO_8859_1);
        assertTrue(first.contains("\"key\":\"seed\",\"value\":101"), first);
    }

    @Test
    void oneRunMoreThanNeededDoesNotLetTheFastestChoiceBeTaken() throws IOException, NotQualified {
        addRuns(6);

        // Olympic means of the two choices: 12 and 13 minutes.
        assertEquals(13, make().scores().get(RESULTS), 1e-12);
    }

    @Test
    void theFirstRoundHasNoLevelOfFoldersForTheMetricAndNoThroughput() throws IOException, NotQualified {
        runs = new FinishedRuns(work.resolve("runs"), "cosmoflow", "open");
        addRuns(10);
        assertThrows(IllegalArgumentException.class, () -> make(Metric.THROUGHPUT, "0.5.0"));
        assertNothingLeft();

        PackageManifest manifest = make(Metric.TIME_TO_TRAIN, "0.5.0");

        assertEquals(Set.of("Example/results/box/cosmoflow"), manifest.scores().keySet());
    }

    @Test
    void failingAndRepeatedInstancesOfAThroughputSetArePruned() throws IOException, NotQualified {
        addRuns(6);
        runs.add(6, 105, 20);
        runs.write(3, Files.readString(runs.log(3)).replace("\"value\":0.036", "\"value\":0.04"));

        PackageManifest manifest = make(Metric.THROUGHPUT);

        String weak = RESULTS.replace("strong", "weak");
        assertEquals(
                5,
                files().stream()
                        .filter(file -> file.startsWith(weak + "/result_"))
                        .count());
        assertEquals(
                2,
                files().stream()
                        .filter(file -> file.startsWith(weak + "/pruned_results/"))
                        .count());
        assertEquals(Set.of(weak), manifest.scores().keySet());
    }

    @Test
    void tooFewRunsAreRefusedWithTheNumberThatIsMissing() throws IOException {
        addRuns(4);

        assertTrue(refusal(Metric.TIME_TO_TRAIN).contains("oc20 needs 5 runs, here are 4: train 1 more"));
    }

    @Test
    void twoRunsThatMissTheTargetAreRefused() throws IOException {
        addRuns(5);
        for (int i : List.of(1, 2)) {
            runs.write(i, Files.readString(runs.log(i)).replace("\"value\":0.036", "\"value\":0.04"));
        }

        assertTrue(refusal(Metric.TIME_TO_TRAIN).contains("more than one fails; ./mlhpc check says why"));
        assertTrue(refusal(Metric.THROUGHPUT).contains("here are 3 without those that fail"));
    }

    @Test
    void equalSeedsOtherSettingsAndARunWithoutRecordAreRefused() throws IOException {
        addRuns(5);
        runs.add(4, 100, 14);
        assertTrue(refusal(Metric.TIME_TO_TRAIN).contains("more than one run has seed 100"));

        runs.write(4, runs.record(4, 104, 14, "other"));
        assertTrue(refusal(Metric.TIME_TO_TRAIN).contains("more than one configuration"));

        Files.delete(work.resolve("runs/run_4.json"));
        assertTrue(refusal(Metric.TIME_TO_TRAIN).contains("has no run_4.json"));
    }

    @Test
    void aDescriptionOfAnotherDivisionIsRefusedAndABrokenOneToo() throws IOException {
        addRuns(5);
        FinishedRuns.system(work.resolve("box.json"), "closed");
        assertTrue(refusal(Metric.TIME_TO_TRAIN).contains("--set division=open"));

        Files.writeString(work.resolve("box.json"), "{\"division\": \"open\"}");
        target = work.resolve("new/folder/submission");
        String reason = refusal(Metric.TIME_TO_TRAIN);
        assertTrue(reason.contains("system/cooling"), reason);
        assertFalse(reason.contains(work.toString()), reason);

        Files.writeString(work.resolve("box.json"), "{\"division\"");
        assertTrue(refusal(Metric.TIME_TO_TRAIN).contains("is no JSON"));

        Files.write(work.resolve("box.json"), new byte[] {'{', (byte) 0xff});
        String unreadable = assertThrows(IOException.class, this::make).getMessage();
        assertTrue(unreadable.contains("box.json is not UTF-8"), unreadable);
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "login1.cluster.example",
                "login1",
                "node17",
                "node17.cluster.example",
                FinishedRuns.OTHER_HOST,
                "miller",
                "/home/miller/data",
                FinishedRuns.DATA + "/train"
            })
    void whatTellsOfPlaceAndPersonIsReplacedWhereverItStands(String secret) throws IOException, NotQualified {
        addRuns(5);
        Files.writeString(
                work.resolve("box.json"),
                Files.readString(work.resolve("box.json"))
                        .replaceFirst("\"cooling\": \"something", "\"cooling\": \"fans of " + secret));
        runs.write(2, Files.readString(runs.log(2)) + "# written on " + secret + ", by hand\n");

        make();

        for (String file : files()) {
            String text = Files.readString(target.resolve(file), StandardCharsets.ISO_8859_1);
            assertFalse(text.contains(secret) || text.contains("miller"), file + "\n" + text);
            assertFalse(text.contains(work.toString()), file);
        }
        String log = Files.readString(target.resolve(RESULTS + "/result_2.txt"));
        assertTrue(log.matches("(?s).*# written on <(host|user|home|data)>[^,]*, by hand\n"), log);
    }

    @Test
    void aNameThatWouldTellIsRefused() throws IOException {
        addRuns(5);
        var request = new PackageRequest(
                "Example",
                "node17",
                work.resolve("box.json"),
                Metric.TIME_TO_TRAIN,
                List.of(work.resolve("runs")),
                target,
                RuleSet.of("3.0.0"));

        var leak =
                assertThrows(IOException.class, () -> new Packager(new Redaction("", "", Path.of("/"))).make(request));

        assertTrue(leak.getMessage().contains("would tell 'node17'"), leak.getMessage());
        assertNothingLeft();
    }

    @Test
    void anExistingTargetIsLeftAlone() throws IOException {
        addRuns(5);
        Files.createDirectory(target);

        assertThrows(IOException.class, this::make);

        try (Stream<Path> files = Files.list(target)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void anyChangeOfASubmissionIsFound() throws IOException, NotQualified {
        addRuns(5);
        make();
        Path log = target.resolve(RESULTS + "/result_0.txt");
        byte[] before = Files.readAllBytes(log);

        byte[] changed = before.clone();
        changed[before.length / 2] ^= 1;
        Files.write(log, changed);
        assertEquals(List.of(RESULTS + "/result_0.txt was changed"), differences());

        Files.delete(log);
        assertEquals(List.of(RESULTS + "/result_0.txt is missing"), differences());

        Files.createSymbolicLink(log, work.resolve("runs/result_0.txt"));
        assertEquals(List.of(RESULTS + "/result_0.txt was changed"), differences());

        Files.delete(log);
        Files.write(log, before);
        assertEquals(List.of(), differences());

        Files.createDirectory(target.resolve("empty"));
        Files.writeString(target.resolve(RESULTS + "/result_9.txt"), "");
        assertEquals(List.of(RESULTS + "/result_9.txt was added", "empty was added"), differences());
    }

    @Test
    void aChangedScoreInTheManifestIsFoundAndABrokenManifestIsAnError() throws IOException, NotQualified {
        addRuns(5);
        make();
        Path file = target.resolve(PackageManifest.FILE_NAME);
        String manifest = Files.readString(file);

        Files.writeString(file, manifest.replace(": 12.0", ": 11.0"));
        assertEquals(List.of("manifest.json was changed"), differences());

        for (String broken : List.of("{}", "[]", "{\"sha256\": 5}", "", "null")) {
            Files.writeString(file, broken, StandardOpenOption.TRUNCATE_EXISTING);
            assertThrows(IOException.class, this::differences, broken);
        }
    }

    private List<String> differences() throws IOException {
        return PackageManifest.read(target).differences(target);
    }
}
