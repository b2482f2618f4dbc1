package org.mlhpc.slurm.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mlhpc.slurm.campaign.Campaign.Job;

/** The files that jobs print to, as the directive {@code --output} names them. */
public final class JobOutput {
    private JobOutput() {}

    /**
     * What the newest job that has begun prints for a run, relative to the campaign's folder; empty if none has.
     *
     * @param job with all its ids, the newest last
     * @param index of the run, which is a task of its own in an array
     */
    public static Optional<Path> newest(Path folder, Job job, int index) {
        String task = job.array().isPresent() ? "_" + index : "";
        return job.ids().stream()
                .map(id -> Path.of("jobs", job.name() + "-" + id + task + ".out"))
                .filter(file -> Files.exists(folder.resolve(file)))
                .reduce((earlier, later) -> later);
    }
}
