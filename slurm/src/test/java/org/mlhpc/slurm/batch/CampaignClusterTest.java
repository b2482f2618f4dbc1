package org.mlhpc.slurm.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.slurm.campaign.Campaign;
import org.mlhpc.slurm.campaign.Campaign.Metric;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignFile;
import org.mlhpc.slurm.campaign.CampaignRequest;
import org.mlhpc.slurm.campaign.Submission;
import org.mlhpc.slurm.queue.Slurm;
import org.mlhpc.slurm.site.Site;
import org.mlhpc.slurm.site.SiteFile;
import org.mlhpc.slurm.site.SiteProposal;
import org.mlhpc.slurm.site.SlurmTime;

/** A whole campaign on a real Slurm, described by what that Slurm says of itself; a stand-in for mlhpc makes the runs. */
@Tag("slurm")
class CampaignClusterTest {
    /** Writes down its words, and leaves what mlhpc would. */
    private static final String MLHPC =
            """
            #!/bin/bash
            echo "$*" >>"${0%/*}/received"
            [[ $1 != slurm ]] || touch "$3/collected"
            while (($# > 1)); do
                case $1 in
                --out) out=$2 ;;
                --run-index) index=$2 ;;
                esac
                shift
            done
            [[ -z ${out-} ]] || mkdir -p "$out"
            [[ -z ${index-} ]] || echo finished >"$out/result_$index.txt"
            """;

    @RegisterExtension
    private static final ThrowawayCluster cluster = new ThrowawayCluster();

    @TempDir
    private Path home;

    /** The programs of the throw-away cluster. */
    private static final class Programs implements Slurm {
        @Override
        public String submit(List<String> options, Path script) throws IOException {
            var command = new ArrayList<>(List.of("sbatch", "--parsable"));
            command.addAll(options);
            command.add(script.toString());
            return output(command);
        }

        @Override
        public Set<String> queued() throws IOException {
            return output(List.of("squeue", "--noheader", "--format=%F"))
                    .lines()
                    .collect(Collectors.toSet());
        }

        @Override
        public void cancel(List<String> ids) throws IOException {
            var command = new ArrayList<>(List.of("scancel"));
            command.addAll(ids);
            output(command);
        }
    }

    private static String output(List<String> command) throws IOException {
        try {
            return cluster.run(command.toArray(String[]::new));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private Site site() throws IOException {
        var sinfo = new ArrayList<>(List.of("sinfo"));
        sinfo.addAll(SiteProposal.SINFO);
        var proposal = new SiteProposal(output(sinfo), output(List.of("scontrol", "show", "config")), Optional.empty());
        String text = proposal.text(new SiteProposal.Answers(Optional.empty(), Optional.empty()));
        return SiteFile.read(Files.writeString(home.resolve("site.properties"), text), Optional.empty());
    }

    private Submission submission(Path out) throws IOException {
        var points = List.of(Point.single(1, 1), Point.single(2, 1));
        var limit = new CampaignRequest.Limit(SlurmTime.parse("--time", "5"), "The limit was given.");
        var request = new CampaignRequest(
                new CampaignRequest.Training(
                        "cosmoflow",
                        "tiny",
                        Metric.TIME_TO_TRAIN,
                        "eval_error <= 0.124",
                        List.of("cosmoflow", "--set", "note=it's $HOME"),
                        Optional.empty()),
                2,
                points,
                points.stream().collect(Collectors.toMap(Point::name, point -> limit)),
                new CampaignRequest.Data(
                        Optional.empty(), List.of("cosmoflow"), Optional.empty(), OptionalLong.empty()),
                CampaignRequest.Queueing.plain(),
                Optional.empty(),
                out,
                home);
        return Submission.of(request, site(), Optional.empty(), List.of("slurm", "submit"), Instant.now());
    }

    private List<String> received() {
        try {
            return Files.readAllLines(home.resolve("received"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void jobsRunInTheirOrderAndWhatIsMissingIsMadeLater() throws Exception {
        BatchPoint.prepareHome(home, MLHPC);
        Path out = home.resolve("campaign");

        Campaign campaign = submission(out).submit(new Programs());
        assertEquals(
                List.of("data", "train-nodes_1", "train-nodes_2", "collect"),
                campaign.jobs().stream().map(Campaign.Job::name).toList());
        for (String file : List.of("data", "nodes_1/result_1.txt", "nodes_2/result_1.txt", "collected")) {
            await(out.resolve(file));
        }
        List<String> words = received();
        assertEquals("data generate cosmoflow --out " + out + "/data.partial", words.get(0));
        assertEquals("slurm collect " + out, words.get(words.size() - 1));
        String run = "run cosmoflow --set note=it's $HOME --data " + out + "/data --ranks 2 --run-index 1 --out " + out
                + "/nodes_2 --resume";
        assertTrue(words.contains(run), words.toString());
        assertEquals(6, words.size(), words.toString());

        Files.delete(out.resolve("nodes_2/result_1.txt"));
        Files.delete(out.resolve("collected"));
        ThrowawayCluster.await("the queue", CampaignClusterTest::queue, "");
        submission(out).submit(new Programs());
        await(out.resolve("collected"));
        assertEquals(
                List.of(run, "slurm collect " + out),
                received().subList(6, received().size()));
        Map<String, Integer> ids = CampaignFile.read(out).jobs().stream()
                .collect(Collectors.toMap(Campaign.Job::name, job -> job.ids().size()));
        assertEquals(Map.of("data", 1, "train-nodes_1", 1, "train-nodes_2", 2, "collect", 2), ids);
    }

    private static void await(Path file) throws InterruptedException {
        ThrowawayCluster.await(file.toString(), () -> Files.exists(file) ? "there" : queue(), "there");
    }

    private static String queue() {
        try {
            return output(List.of("squeue", "--noheader"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
