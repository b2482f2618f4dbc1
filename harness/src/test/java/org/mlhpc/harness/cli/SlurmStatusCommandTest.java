package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.harness.campaign.SampleCampaign;

/** What {@code slurm status} and {@code slurm collect} print, of a campaign that no job of Slurm belongs to. */
class SlurmStatusCommandTest {
    @TempDir
    private Path folder;

    private SampleCampaign campaign;

    @BeforeEach
    void work() throws IOException {
        campaign = new SampleCampaign(folder).finished(0, 6).growing(1, 2);
    }

    private Captured slurm(String command, String... further) {
        var words = new java.util.ArrayList<>(java.util.List.of("slurm", command, folder.toString()));
        words.addAll(java.util.List.of(further));
        return Captured.of(words.toArray(new String[0]));
    }

    @Test
    void statusSaysWhereEachRunStands() throws IOException {
        Files.writeString(campaign.point().resolve("bad_nodes"), "n9\tits clock is 5 s off\t2100-01-01T00:00:00Z\n");

        Captured status = slurm("status");

        assertEquals(0, status.code(), status.err());
        assertTrue(
                status.out().startsWith("cosmoflow tiny to eval_error <= 0.124, 4 runs: 3 unsubmitted, 1 finished\n"),
                status.out());
        assertTrue(status.out().contains("broken node n9: its clock is 5 s off\n"), status.out());
        assertTrue(status.out().contains("--exclude=n9\n"), status.out());
        assertTrue(status.out().contains("next: 3 runs need help"), status.out());
        assertTrue(status.out().contains("unverified_min"), status.out());
    }

    @Test
    void statusIsDataToo() throws IOException {
        JsonNode json = JsonMapper.builder()
                .build()
                .readTree(slurm("status", "--format", "json").out());

        assertEquals(4, json.path("runs").size());
        assertEquals("reached", json.path("runs").get(0).path("target").textValue());
        assertEquals(2.75, json.path("runs").get(0).path("unverified_min").doubleValue(), 1e-9);
        assertTrue(json.path("runs").get(1).path("unverified_min").isMissingNode());
        assertEquals(100.0 / 60, json.path("runs").get(1).path("to_target_min").doubleValue(), 1e-9);
        assertEquals(5, slurm("status", "--format", "csv").out().lines().count());
    }

    @Test
    void collectSaysWhatIsMissingAndMayBeRepeated() throws IOException {
        for (int i = 0; i < 2; i++) {
            Captured collected = slurm("collect");

            assertEquals(Main.FAILED, collected.code(), collected.err());
            assertTrue(collected.out().contains("nodes_2: not finished: runs 1, 2, 3; "), collected.out());
            // The sample log lacks most of what the rules ask for.
            assertTrue(collected.out().contains("nodes_2: result_0.txt fails ruleset 3.0.0: "), collected.out());
            assertTrue(collected.out().contains("has no run.json beside it"), collected.out());
            assertFalse(collected.out().contains("./mlhpc package"), collected.out());
            assertTrue(collected.out().contains("./mlhpc results add " + folder + "/results"), collected.out());
            assertEquals(
                    Files.readString(campaign.point().resolve("result_0.txt")),
                    Files.readString(folder.resolve("results/nodes_2/result_0.txt")));
        }
    }

    /** Whoever collects at the same time has names of its own. */
    @Test
    void whatAnotherCollectIsWritingStays() throws IOException {
        Path other = Files.createDirectories(folder.resolve("results/nodes_2.partial"));
        slurm("collect");
        slurm("collect");

        assertTrue(Files.isDirectory(other));
        try (var files = Files.list(folder.resolve("results"))) {
            assertEquals(2, files.count(), "nothing temporary is left");
        }
    }

    @Test
    void whatIsNoLongerThereIsNotCollected() throws IOException {
        slurm("collect");
        Files.move(campaign.point().resolve("result_0.txt"), campaign.point().resolve("result_2.txt"));

        slurm("collect");

        try (var files = Files.walk(folder.resolve("results"))) {
            assertEquals(
                    java.util.List.of("result_2.txt"),
                    files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .toList());
        }
    }

    @Test
    void aFolderThatIsNoCampaignIsRefused() {
        Captured status =
                Captured.of("slurm", "status", folder.resolve("nosuch").toString());

        assertEquals(Main.ENVIRONMENT, status.code());
        assertTrue(status.err().contains("campaign.json"), status.err());
    }
}
