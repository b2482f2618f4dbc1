package org.mlhpc.slurm.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.slurm.campaign.Campaign.Job;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignRequest.Data;
import org.mlhpc.slurm.campaign.CampaignRequest.Packaging;
import org.mlhpc.slurm.campaign.CampaignRequest.Queueing;
import org.mlhpc.slurm.site.Site;
import org.mlhpc.slurm.site.SiteFile;

class SubmissionTest {
    private static final Instant BEGIN = Instant.parse("2026-11-28T20:00:00Z");

    @TempDir
    private Path out;

    private Submission submission(CampaignRequest request) throws IOException {
        return Submission.of(request, Site.plain(), Optional.empty(), List.of("slurm", "submit"), BEGIN);
    }

    private CampaignRequest sweep() {
        return Requests.in(out).runs(3, Point.single(1, 2), Point.single(2, 2));
    }

    private static Map<String, List<String>> ids(Campaign campaign) {
        return campaign.jobs().stream().collect(Collectors.toMap(Job::name, Job::ids));
    }

    @Test
    void eachJobWaitsForThoseItNeeds() throws IOException {
        var queue = new StandInQueue();
        Campaign campaign = submission(Requests.in(out)
                        .with(new Packaging("org", Path.of("/system.json")))
                        .with(new Data(
                                Optional.empty(),
                                List.of("cosmoflow"),
                                Optional.of(Path.of("/fast")),
                                OptionalLong.empty()))
                        .runs(3, Point.single(1, 2), Point.single(2, 2)))
                .submit(queue);

        assertEquals(
                List.of(
                        "data.sbatch",
                        "--dependency=afterok:101 --kill-on-invalid-dep=yes stage.sbatch",
                        "--dependency=afterok:102 --kill-on-invalid-dep=yes train-nodes_1.sbatch",
                        "--dependency=afterok:102 --kill-on-invalid-dep=yes train-nodes_2.sbatch",
                        "--dependency=afterany:103,afterany:104 collect.sbatch",
                        "--dependency=afterany:105 package.sbatch"),
                queue.submitted);
        assertEquals(campaign, CampaignFile.read(out));
        assertEquals(List.of("104"), ids(campaign).get("train-nodes_2"));
        assertEquals(List.of("cosmoflow", "--config", "tiny", "--data", "/fast"), campaign.runArguments());
    }

    @Test
    void theFirstJobsWaitForAnotherOne() throws IOException {
        var queue = new StandInQueue();
        submission(Requests.in(out)
                        .with(new Queueing(OptionalInt.empty(), 0, List.of(), Optional.empty(), Optional.of("4711")))
                        .runs(1, Point.single(1, 1)))
                .submit(queue);

        assertEquals("--dependency=afterany:4711 data.sbatch", queue.submitted.get(0));
        assertFalse(queue.submitted.get(1).contains("4711"), queue.submitted.toString());
    }

    @Test
    void goingOnSubmitsUnfinishedRunsAlone() throws IOException {
        submission(sweep()).submit(new StandInQueue());
        Files.createDirectories(out.resolve("data"));
        finish("nodes_1", 0, 1, 2);
        finish("nodes_2", 1);
        var queue = new StandInQueue();
        Campaign campaign = Submission.of(
                        sweep(), Site.plain(), Optional.empty(), List.of("again"), BEGIN.plusSeconds(9))
                .submit(queue);

        assertEquals(List.of("train-nodes_2.sbatch", "--dependency=afterany:101 collect.sbatch"), queue.submitted);
        String script = Files.readString(out.resolve("jobs/train-nodes_2.sbatch"));
        assertTrue(script.contains("#SBATCH --array=0,2\n"), script);
        assertEquals(BEGIN, campaign.created());
        assertEquals(
                Map.of(
                        "data", List.of("101"),
                        "train-nodes_1", List.of("102"),
                        "train-nodes_2", List.of("103", "101"),
                        "collect", List.of("104", "102")),
                ids(campaign));
    }

    private void finish(String point, int... indices) throws IOException {
        Files.createDirectories(out.resolve(point));
        for (int index : indices) {
            Files.createFile(out.resolve(point).resolve("result_" + index + ".txt"));
        }
    }

    @Test
    void whatIsFinishedHasNoJobs() throws IOException {
        submission(sweep()).submit(new StandInQueue());
        finish("nodes_1", 0, 1, 2);
        finish("nodes_2", 0, 1, 2);

        assertEquals(List.of(), submission(sweep()).planned());
    }

    @Test
    void instancesShareOneJob() throws IOException {
        CampaignRequest request = Requests.in(out).throughput(Point.throughput(3, 2, 4));
        PlannedJob job = submission(request).planned().get(1);

        assertEquals(Optional.empty(), job.job().array());
        assertTrue(job.text().contains("#SBATCH --nodes=6\n"), job.text());
        assertTrue(job.text().contains("batch_instances 3 2 run cosmoflow "), job.text());
        assertTrue(job.text().endsWith(" --ranks 8\n"), job.text());
    }

    @Test
    void anotherCampaignInTheSameFolderIsRefusedWithTheDifferences() throws IOException {
        submission(sweep()).submit(new StandInQueue());
        CampaignRequest other =
                Requests.in(out).withArguments("cosmoflow", "--seed", "7").runs(2, Point.single(1, 2));

        var e = assertThrows(IllegalArgumentException.class, () -> submission(other));
        assertTrue(e.getMessage().contains("runs there: 3, asked for: 2"), e.getMessage());
        assertTrue(e.getMessage().contains("nodes_2 with 2 ranks per node"), e.getMessage());
        assertTrue(e.getMessage().contains("--seed 7"), e.getMessage());
        assertTrue(e.getMessage().contains("choose another --out"), e.getMessage());
    }

    @Test
    void whereRunsStageTheirDataToMayNotChange() throws IOException {
        submission(Requests.in(out).stagingTo("/local").runs(1, Point.single(1, 1)))
                .submit(new StandInQueue());
        CampaignRequest other = Requests.in(out).stagingTo("/nvme").runs(1, Point.single(1, 1));

        var e = assertThrows(IllegalArgumentException.class, () -> submission(other));
        assertTrue(e.getMessage().contains("--stage-to /nvme"), e.getMessage());
    }

    @Test
    void howJobsAreQueuedMayChange() throws IOException {
        submission(sweep()).submit(new StandInQueue());
        CampaignRequest other = Requests.in(out)
                .with(new Queueing(OptionalInt.of(1), 1, List.of("--exclude=n1"), Optional.empty(), Optional.empty()))
                .runs(3, Point.single(1, 2), Point.single(2, 2));

        assertTrue(submission(other).planned().get(1).text().contains("#SBATCH --array=0-2%1\n"));
    }

    @Test
    void aCampaignMayGetMoreRuns() throws IOException {
        submission(sweep()).submit(new StandInQueue());
        Files.createDirectories(out.resolve("data"));
        finish("nodes_1", 0, 1, 2);
        finish("nodes_2", 0, 1, 2);
        Submission more = submission(Requests.in(out).runs(5, Point.single(1, 2), Point.single(2, 2)));

        assertTrue(more.planned().get(0).text().contains("#SBATCH --array=3-4\n"));
        more.submit(new StandInQueue());
        assertEquals(5, CampaignFile.read(out).runs());
    }

    @Test
    void nodesAreLeftOutWhoeverSaysSo() throws IOException {
        Path file = Files.writeString(out.resolve("site.properties"), "sbatch = --exclude=n7 --mem-per-cpu=2G\n");
        CampaignRequest request = Requests.in(out)
                .with(new Queueing(OptionalInt.empty(), 0, List.of("--exclude=n1"), Optional.empty(), Optional.empty()))
                .runs(1, Point.single(1, 1));
        Submission submission =
                Submission.of(request, SiteFile.read(file, Optional.empty()), Optional.empty(), List.of(), BEGIN);

        String script = submission.planned().get(1).text();
        assertTrue(script.contains("#SBATCH --exclude=n1,n7\n"), script);
        assertFalse(script.contains("--mem=0"), script);
        assertTrue(submission(sweep()).planned().get(1).text().contains("#SBATCH --mem=0\n"));
    }

    @Test
    void aPreviewWritesNothing() throws IOException {
        String preview = submission(sweep()).preview();
        assertTrue(preview.contains("### " + out.resolve("jobs/train-nodes_2.sbatch") + "\n"), preview);
        assertTrue(preview.contains("collect=$(sbatch --parsable --dependency=afterany:$train_nodes_1,"), preview);
        try (var files = Files.list(out)) {
            assertEquals(0, files.count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/out/a b", "/out/a\n#SBATCH --uid=0", "/out/'a'", "/out/%j"})
    void foldersThatSbatchCannotReadAreRefused(String folder) {
        var e = assertThrows(IllegalArgumentException.class, () -> Requests.in(Path.of(folder))
                .runs(1, Point.single(1, 1)));
        assertTrue(e.getMessage().contains(folder), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1, --runs=0", "1, 0, 1, --nodes=0", "1, 1, 0, --ranks-per-node=0"})
    void numbersBelowOneAreRefused(int runs, int nodes, int ranks, String named) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> Requests.in(out).runs(runs, Point.single(nodes, ranks)));
        assertTrue(e.getMessage().startsWith(named), e.getMessage());
    }

    @Test
    void oneSizeTwiceIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> Requests.in(out).runs(1, Point.single(2, 1), Point.single(2, 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--exclude=n1 n2", "--begin=$(date)"})
    void hostileOptionsOfTheQueueAreRefused(String option) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Queueing(OptionalInt.empty(), 0, List.of(option), Optional.empty(), Optional.empty()));
    }
}
