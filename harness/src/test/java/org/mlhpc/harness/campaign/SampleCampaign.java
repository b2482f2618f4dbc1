package org.mlhpc.harness.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.entry.SampleLogs;
import org.mlhpc.slurm.campaign.Campaign;
import org.mlhpc.slurm.campaign.CampaignFile;

/** The folder of a campaign of four runs on two nodes, in the middle of its work. Its logs have epochs of 25 s. */
public final class SampleCampaign {
    public static final String POINT = "nodes_2";
    public static final int RUNS = 4;

    private final Path folder;

    /** @param ids of Slurm of the training job */
    public SampleCampaign(Path folder, String... ids) throws IOException {
        this.folder = folder;
        var training = new Campaign.Job(
                "train-" + POINT,
                Optional.of(POINT),
                List.of(ids),
                Optional.of("0-3"),
                List.of(),
                "jobs/train-" + POINT + ".sbatch");
        CampaignFile.write(
                folder,
                new Campaign(
                        Campaign.FORMAT,
                        "cosmoflow",
                        "tiny",
                        Campaign.Metric.TIME_TO_TRAIN,
                        "eval_error <= 0.124",
                        RUNS,
                        List.of(Campaign.Point.single(2, 1)),
                        List.of(training),
                        Instant.EPOCH,
                        Optional.empty(),
                        List.of("cosmoflow", "--config", "tiny", "--org", "My Lab", "--platform", "box"),
                        List.of("slurm", "submit", "cosmoflow", "--out", "my campaign")));
        Files.createDirectories(point());
    }

    public Path point() {
        return folder.resolve(POINT);
    }

    /** A finished run that took so many epochs. */
    public SampleCampaign finished(int index, int epochs) throws IOException {
        SampleLogs.write(point().resolve("result_" + index + ".txt"), SampleLogs.cosmoflow(epochs, 64));
        return this;
    }

    /** A run that has finished so many epochs and is in the middle of writing a line. */
    public SampleCampaign growing(int index, int epochs) throws IOException {
        List<String> whole = SampleLogs.cosmoflow(epochs + 1, 64);
        List<String> lines = whole.subList(0, whole.size() - 5);
        String text =
                String.join("\n", lines) + "\n" + whole.get(whole.size() - 5).substring(0, 30);
        Files.writeString(point().resolve("result_" + index + ".txt.partial"), text);
        return this;
    }

    /** Events as cells from the third on: restart, kind, text. */
    public SampleCampaign events(int index, String... cells) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            lines.append("2026-11-28T0")
                    .append(i + 1)
                    .append(":00:00Z\t7_")
                    .append(index)
                    .append('\t')
                    .append(cells[i].replace('|', '\t'))
                    .append('\n');
        }
        Files.writeString(point().resolve("events_" + index + ".tsv"), lines);
        return this;
    }
}
