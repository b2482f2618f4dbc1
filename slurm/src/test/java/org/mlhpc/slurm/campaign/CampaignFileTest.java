package org.mlhpc.slurm.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.slurm.campaign.Campaign.Dependency;
import org.mlhpc.slurm.campaign.Campaign.Job;
import org.mlhpc.slurm.campaign.Campaign.Metric;
import org.mlhpc.slurm.campaign.Campaign.Point;

class CampaignFileTest {
    private static final Campaign CAMPAIGN = new Campaign(
            Campaign.FORMAT,
            "cosmoflow",
            "tiny",
            Metric.TIME_TO_TRAIN,
            "mae <= 0.124",
            10,
            List.of(Point.single(2, 4), Point.single(4, 4)),
            List.of(
                    new Job(
                            "data",
                            Optional.empty(),
                            List.of("41", "44"),
                            Optional.empty(),
                            List.of(),
                            "jobs/data.sbatch"),
                    new Job(
                            "train-nodes_2",
                            Optional.of("nodes_2"),
                            List.of(),
                            Optional.of("0-9%2"),
                            List.of(new Dependency("afterok", "data")),
                            "jobs/train-nodes_2.sbatch")),
            Instant.parse("2026-11-28T01:00:00Z"),
            Optional.empty(),
            List.of("cosmoflow", "--data", "/a b"),
            List.of("slurm", "submit"));

    @TempDir
    private Path folder;

    @Test
    void saysWhyItCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        String said = assertThrows(IOException.class, () -> CampaignFile.write(file, CAMPAIGN))
                .getMessage();
        assertEquals(
                "cannot write " + file.resolve("campaign.json") + " (" + file + "): make " + file
                        + " a folder with free space that you may write to, or choose another --out",
                said);
    }

    @Test
    void comesBackAsItWasWritten() throws IOException {
        CampaignFile.write(folder.resolve("new"), CAMPAIGN);

        assertEquals(CAMPAIGN, CampaignFile.read(folder.resolve("new")));
        assertFalse(Files.exists(folder.resolve("new/campaign.json.partial")));
        String text = Files.readString(folder.resolve("new/campaign.json"));
        assertTrue(text.contains("\"metric\" : \"time_to_train\""), text);
        assertTrue(text.contains("\"ranks_per_node\" : 4"), text);
    }

    @Test
    void theNewestIdCounts() {
        assertEquals(Optional.of("44"), CAMPAIGN.jobs().get(0).id());
        assertEquals(Optional.empty(), CAMPAIGN.jobs().get(1).id());
    }

    @Test
    void aThroughputJobHoldsAllItsInstances() {
        assertEquals(16, Point.throughput(8, 2, 4).nodesOfJob());
        assertEquals("weak_8x2", Point.throughput(8, 2, 4).name());
    }

    @ParameterizedTest
    @CsvSource({"{, is damaged", "{}, is damaged", "null, format 1"})
    void aDamagedFileIsNamed(String text, String expected) throws IOException {
        Files.writeString(folder.resolve("campaign.json"), text);
        var e = assertThrows(IOException.class, () -> CampaignFile.read(folder));
        assertTrue(e.getMessage().startsWith(folder.resolve("campaign.json") + " "), e.getMessage());
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    /** Of such text the JDK says "Input length = 1". */
    @Test
    void textThatIsNotUtf8IsNamed() throws IOException {
        Path file = folder.resolve("campaign.json");
        Files.writeString(file, "{\"workload\": \"ä\"}", StandardCharsets.ISO_8859_1);
        var e = assertThrows(IOException.class, () -> CampaignFile.read(folder));
        assertTrue(e.getMessage().startsWith(file + " is damaged: Invalid UTF-8"), e.getMessage());
    }

    @Test
    void anotherFormatIsRefused() throws IOException {
        CampaignFile.write(folder, CAMPAIGN);
        Path file = folder.resolve("campaign.json");
        Files.writeString(file, Files.readString(file).replace("\"format\" : 1", "\"format\" : 2"));
        var e = assertThrows(IOException.class, () -> CampaignFile.read(folder));
        assertTrue(e.getMessage().contains("format 1"), e.getMessage());
    }

    @Test
    void aFolderWithoutOneIsNoCampaign() {
        var e = assertThrows(IOException.class, () -> CampaignFile.read(folder));
        assertTrue(e.getMessage().contains("is no campaign"), e.getMessage());
    }
}
