package org.mlhpc.slurm.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mlhpc.slurm.campaign.Campaign.Job;
import org.mlhpc.slurm.status.Event;
import org.mlhpc.slurm.status.History;

/**
 * Under which ids Slurm knows the jobs of a campaign: those that {@code slurm submit} recorded, those that jobs wrote down themselves
 *
 * when they began or the commands of {@code slurm script} wrote down for them, and those that jobs have put into the queue in
 * their own place.
 */
public final class JobIds {
    private static final String ID = "\\d{1,18}";

    private JobIds() {}

    /**
     * The campaign with all ids of its jobs, of arrays the id of the array, in ascending order: Slurm counts upwards, so the last is the
     * newest.
     *
     * @param folder of the campaign
     * @throws IOException if a file that holds ids cannot be read
     */
    public static Campaign completed(Path folder, Campaign campaign) throws IOException {
        var jobs = new ArrayList<Job>();
        for (Job job : campaign.jobs()) {
            jobs.add(job.withIds(of(folder, campaign, job)));
        }
        return campaign.with(jobs, campaign.created());
    }

    private static List<String> of(Path folder, Campaign campaign, Job job) throws IOException {
        var found = new ArrayList<>(job.ids());
        Path own = file(folder, job);
        if (Files.exists(own)) {
            found.addAll(Files.readAllLines(own));
        }
        if (job.point().isPresent()) {
            found.addAll(resubmitted(folder.resolve(job.point().get()), campaign.runs()));
        }
        return ascending(found);
    }

    /** Where a job that {@code slurm submit} has not submitted has its ids, a line each. */
    static Path file(Path folder, Job job) {
        return folder.resolve("jobs").resolve(job.name() + ".ids");
    }

    /** Without what is no id or names the cluster, and of tasks the id of the array. */
    private static List<String> ascending(List<String> words) {
        return words.stream()
                .map(word -> word.strip().replaceFirst("(_\\d+|;.*)$", ""))
                .filter(word -> word.matches(ID))
                .distinct()
                .sorted(Comparator.comparingLong(Long::parseLong))
                .toList();
    }

    private static List<String> resubmitted(Path point, int runs) throws IOException {
        var ids = new ArrayList<String>();
        for (int index = 0; index < runs; index++) {
            History.read(point.resolve("events_" + index + ".tsv"))
                    .all(Event.Kind.RESUBMITTED)
                    .forEach(event -> ids.add(event.text()));
        }
        return ids;
    }
}
