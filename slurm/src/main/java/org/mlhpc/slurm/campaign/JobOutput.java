package org.mlhpc.slurm.campaign;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mlhpc.slurm.campaign.Campaign.Job;
import org.mlhpc.slurm.status.QueuedJob;

/** The files that jobs print to, as the directive {@code --output} names them. */
public final class JobOutput {
    private static final int END_BYTES = 64 << 10;
    /** What Slurm's own limit and its cgroup plugin print when they end a job or a process of it. */
    private static final Pattern MEMORY_USED_UP =
            Pattern.compile("(?m)^slurmstepd\\S* error: .*(xceeded (job )?memory limit|oom[-_]kill event)");

    private JobOutput() {}

    /**
     * What is known of a job. Where Slurm ends the whole job because its memory is used up, not even the job's script can say so, and
     * some versions call it failed, without a reason but in its output.
     *
     * @param output its file; need not exist
     * @throws IOException if the file cannot be read
     */
    public static QueuedJob explained(QueuedJob job, Path output) throws IOException {
        boolean failed = job.state().equals("FAILED") && Files.exists(output);
        return failed && MEMORY_USED_UP.matcher(end(output)).find() ? job.outOfMemory() : job;
    }

    /** Messages of programs may hold anything. */
    private static String end(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            channel.position(Math.max(0, channel.size() - END_BYTES));
            return new String(Channels.newInputStream(channel).readNBytes(END_BYTES), StandardCharsets.UTF_8);
        }
    }

    /**
     * What the newest job that has begun prints for a run, relative to the campaign's folder; empty if none has.
     *
     * @param ids those of {@code job} that count, the newest last
     * @param index of the run, which is a task of its own in an array
     */
    public static Optional<Path> newest(Path folder, Job job, List<String> ids, int index) {
        String task = job.array().isPresent() ? "_" + index : "";
        return ids.stream()
                .map(id -> Path.of("jobs", job.name() + "-" + id + task + ".out"))
                .filter(file -> Files.exists(folder.resolve(file)))
                .reduce((earlier, later) -> later);
    }
}
