package org.mlhpc.slurm.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignRequest.Data;
import org.mlhpc.slurm.campaign.CampaignRequest.Packaging;
import org.mlhpc.slurm.campaign.CampaignRequest.Queueing;
import org.mlhpc.slurm.site.Site;
import org.mlhpc.slurm.site.SiteFile;

/**
 * Everything that is handed to Slurm for four kinds of clusters, against files that people have read. A change that is meant: the
 * new text lies in target/golden.
 */
class GoldenScriptsTest {
    private static final Path OUT = Path.of("/shared/campaign");

    @TempDir
    private Path folder;

    /** A cluster, and a campaign on it. */
    enum Style {
        CPU("cpu", Optional.empty()) {
            @Override
            CampaignRequest request(Site site) {
                return Requests.in(OUT)
                        .with(new Queueing(
                                OptionalInt.of(2),
                                0,
                                List.of("--exclude=n[3,7-9]", "--begin=20:00"),
                                Optional.of("a@example.org"),
                                Optional.empty()))
                        .with(new Packaging("Example Lab", Path.of("/shared/it's.json")))
                        .runs(10, point(site, 1), point(site, 2), point(site, 16));
            }
        },
        GPU("gpu", Optional.empty()) {
            @Override
            CampaignRequest request(Site site) {
                return Requests.in(OUT)
                        .withArguments("cosmoflow", "--config", "reference", "--set", "learning_rate=1e-3")
                        .with(new Data(
                                Optional.of(Path.of("/archive/cosmo flow's $(data)")),
                                List.of(),
                                Optional.of(Path.of("/fast/cosmoflow")),
                                OptionalLong.of(1_700_000_000_000L)))
                        .with(new Queueing(
                                OptionalInt.empty(),
                                site.spareNodes(),
                                List.of(),
                                Optional.empty(),
                                Optional.of("4711")))
                        .runs(5, point(site, 32));
            }
        },
        BURST("burst", Optional.empty()) {
            @Override
            CampaignRequest request(Site site) {
                return Requests.in(OUT)
                        .with(new Data(
                                Optional.of(Path.of("/lus/cosmoflow")),
                                List.of(),
                                Optional.empty(),
                                OptionalLong.of(5_000_000_000L)))
                        .stagingTo(site.nodeLocal().orElseThrow())
                        .throughput(Point.throughput(8, 2, site.node().defaultRanks()));
            }
        },
        HETEROGENEOUS("heterogeneous", Optional.of("fat")) {
            @Override
            CampaignRequest request(Site site) {
                return Requests.in(OUT)
                        .stagingTo(site.nodeLocal().orElseThrow())
                        .runs(1, point(site, 1));
            }
        };

        private final String file;
        private final Optional<String> nodeType;

        Style(String file, Optional<String> nodeType) {
            this.file = file;
            this.nodeType = nodeType;
        }

        abstract CampaignRequest request(Site site);

        Submission submission() throws IOException, URISyntaxException {
            Path siteFile = Path.of(GoldenScriptsTest.class
                    .getResource("/org/mlhpc/slurm/sites/" + file + ".properties")
                    .toURI());
            Site site = SiteFile.read(siteFile, nodeType);
            return Submission.of(request(site), site, Optional.empty(), List.of(), Instant.EPOCH);
        }
    }

    private static Point point(Site site, int nodes) {
        return Point.single(nodes, site.node().defaultRanks());
    }

    @ParameterizedTest
    @EnumSource
    void areAsTheyWereRead(Style style) throws Exception {
        String actual = style.submission().preview();
        String name = style.file + ".txt";
        Path proposed = Files.createDirectories(Path.of("target/golden")).resolve(name);
        Files.writeString(proposed, actual);

        try (InputStream golden = getClass().getResourceAsStream("/org/mlhpc/slurm/golden/" + name)) {
            String expected = golden == null ? "" : new String(golden.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(expected, actual, "the new text is in " + proposed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bashUnderstandsThem(Style style) throws Exception {
        for (PlannedJob job : style.submission().planned()) {
            assertEquals(
                    "",
                    findings("bash", "-n", written(job).toString()),
                    job.job().name());
        }
    }

    /** But that a dollar sign in single quotes stays one, which is the point of quoting. */
    @ParameterizedTest
    @EnumSource
    void shellcheckFindsNothing(Style style) throws Exception {
        try {
            findings("shellcheck", "--version");
        } catch (IOException e) {
            assumeTrue(false, "needs shellcheck: apt-get install shellcheck");
        }
        for (PlannedJob job : style.submission().planned()) {
            assertEquals(
                    "",
                    findings("shellcheck", "--exclude=SC2016", written(job).toString()),
                    job.job().name());
        }
    }

    private Path written(PlannedJob job) throws IOException {
        return Files.writeString(folder.resolve("job.sh"), job.text());
    }

    private static String findings(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : "failed: " + said;
    }
}
