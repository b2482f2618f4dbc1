package org.mlhpc.slurm.status;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Slurm says of some jobs: those that wait or run, and for some minutes, or as long as a site's accounting goes, those that
 * have ended.
 *
 * @param jobs by id
 * @param silence why Slurm does not answer; empty if it does
 */
public record Queue(Map<String, QueuedJob> jobs, Optional<String> silence) {
    public Queue {
        jobs = Map.copyOf(jobs);
    }

    /** Standard output of a program of Slurm. */
    @FunctionalInterface
    public interface Answers {
        /** @throws IOException if the program is missing or fails; the message has what it says */
        String to(List<String> command) throws IOException;
    }

    /** Asks for the jobs of these ids, of arrays the id of the array. */
    public static Queue ask(Collection<String> ids, Answers slurm) {
        var jobs = new LinkedHashMap<String, QueuedJob>();
        if (ids.isEmpty()) {
            return new Queue(jobs, Optional.empty());
        }
        String wanted = String.join(",", ids);
        accounted(wanted, slurm).forEach(job -> jobs.put(job.id(), job));
        try {
            parse(slurm.to(List.of(
                            "squeue",
                            "--noheader",
                            "--all",
                            "--array",
                            "--states=all",
                            "--jobs=" + wanted,
                            "--format=%i|%T|%L|%N|%r")))
                    .forEach(job -> jobs.put(job.id(), job));
        } catch (IOException e) {
            // Of a job that has left the queue; of several only those that have not are listed.
            if (!String.valueOf(e.getMessage()).contains("Invalid job id")) {
                return new Queue(jobs, Optional.of(String.valueOf(e.getMessage())));
            }
        }
        return new Queue(jobs, Optional.empty());
    }

    /** Many sites keep no accounts, which is no fault. */
    private static List<QueuedJob> accounted(String wanted, Answers slurm) {
        try {
            return parse(slurm.to(List.of(
                            "sacct",
                            "--noheader",
                            "--parsable2",
                            "--allocations",
                            "--jobs=" + wanted,
                            "--format=JobID,State,Timelimit,NodeList,Reason")))
                    .stream()
                    // "CANCELLED by 1000"
                    .map(job ->
                            new QueuedJob(job.id(), job.state().replaceFirst(" .*", ""), job.reason(), job.nodes(), ""))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<QueuedJob> parse(String lines) {
        var jobs = new ArrayList<QueuedJob>();
        lines.lines().map(QueuedJob::parse).forEach(job -> job.ifPresent(jobs::add));
        return jobs;
    }

    /** Whether Slurm answers. */
    public boolean answers() {
        return silence.isEmpty();
    }

    /** The newest job among {@code ids}, or its task {@code index}; those that were submitted later come later. */
    public Optional<QueuedJob> newest(List<String> ids, int index) {
        Optional<QueuedJob> found = Optional.empty();
        for (String id : ids) {
            QueuedJob job = jobs.getOrDefault(id + "_" + index, jobs.get(id));
            found = job == null ? found : Optional.of(job);
        }
        return found;
    }
}
