package org.mlhpc.harness.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.mlhpc.harness.RunFiles;
import org.mlhpc.slurm.campaign.Campaign;
import org.mlhpc.slurm.campaign.Campaign.Job;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignFile;
import org.mlhpc.slurm.campaign.JobIds;
import org.mlhpc.slurm.campaign.JobOutput;
import org.mlhpc.slurm.status.BadNode;
import org.mlhpc.slurm.status.Event;
import org.mlhpc.slurm.status.History;
import org.mlhpc.slurm.status.Queue;
import org.mlhpc.slurm.status.QueuedJob;
import org.mlhpc.slurm.status.RunState;
import org.mlhpc.slurm.status.RunState.Stage;

/**
 * How a campaign is doing: what its folder says and, where Slurm answers, the queue.
 *
 * @param runs by point and index
 * @param badNodes by name
 */
public record CampaignStatus(
        Path folder, Campaign campaign, List<RunStatus> runs, List<BadNode> badNodes, Queue queue) {
    public CampaignStatus {
        runs = List.copyOf(runs);
        badNodes = List.copyOf(badNodes);
    }

    /** Reads a run's own files. */
    private record Files(Point point, int index, History history, Optional<RunProgress> progress) {
        static Files read(Path campaign, Point point, int index) throws IOException {
            Path folder = campaign.resolve(point.name());
            return new Files(
                    point,
                    index,
                    History.read(folder.resolve("events_" + index + ".tsv")),
                    RunProgress.of(new RunFiles(folder, index)));
        }

        boolean finished() {
            return progress.filter(RunProgress::finished).isPresent();
        }
    }

    /**
     * The status of the campaign in {@code folder}.
     *
     * @throws IOException if there is no campaign or a file cannot be read
     */
    public static CampaignStatus read(Path folder, Queue.Answers slurm) throws IOException {
        Campaign campaign = JobIds.completed(folder, CampaignFile.read(folder));
        var files = new ArrayList<Files>();
        var bad = new TreeMap<String, BadNode>();
        for (Point point : campaign.points()) {
            for (int index = 0; index < campaign.runs(); index++) {
                files.add(Files.read(folder, point, index));
            }
            BadNode.read(folder.resolve(point.name()).resolve("bad_nodes"), Instant.now())
                    .forEach(node -> bad.put(node.node(), node));
        }
        var ids = new LinkedHashSet<String>();
        campaign.jobs().forEach(job -> ids.addAll(job.ids()));
        Queue queue = Queue.ask(ids, slurm);
        var runs = new ArrayList<RunStatus>();
        for (Files run : files) {
            runs.add(status(folder, campaign, run, files, queue));
        }
        return new CampaignStatus(folder, campaign, runs, List.copyOf(bad.values()), queue);
    }

    private static RunStatus status(Path folder, Campaign campaign, Files run, List<Files> all, Queue queue)
            throws IOException {
        Optional<Job> training = campaign.jobs().stream()
                .filter(job -> job.point().filter(run.point().name()::equals).isPresent())
                .findFirst();
        List<String> ids = training.map(Job::ids).orElse(List.of());
        List<String> own = run.history().withoutRefused(ids);
        Optional<Path> output = training.flatMap(named -> JobOutput.newest(folder, named, own, run.index()));
        Optional<QueuedJob> job = queue.newest(own, run.index());
        if (job.isPresent() && output.isPresent()) {
            job = Optional.of(JobOutput.explained(job.get(), folder.resolve(output.get())));
        }
        RunState state = run.finished()
                ? new RunState(Stage.FINISHED, "")
                : RunState.of(run.history(), !ids.isEmpty(), queue.answers(), job, output);
        String id = job.map(QueuedJob::id)
                .or(() -> run.history().last().map(Event::job))
                .orElse(ids.isEmpty() ? "" : ids.get(ids.size() - 1));
        boolean runs = state.stage() == Stage.RUNNING || state.stage() == Stage.STOPPING;
        return new RunStatus(
                run.point().name(),
                run.index(),
                state,
                id,
                run.history().nodes().orElse(""),
                run.history().starts(),
                run.history().waited(),
                run.progress(),
                runs ? job.flatMap(QueuedJob::limit) : Optional.<Duration>empty(),
                run.finished() ? OptionalDouble.empty() : restSeconds(run, all));
    }

    private static OptionalDouble restSeconds(Files run, List<Files> all) {
        OptionalDouble usual = all.stream()
                .filter(other -> other.point().equals(run.point()))
                .flatMap(other -> other.progress().stream())
                .filter(RunProgress::reached)
                .mapToInt(RunProgress::epochs)
                .average();
        OptionalDouble each = run.progress().map(RunProgress::secondsPerEpoch).orElse(OptionalDouble.empty());
        if (usual.isEmpty() || each.isEmpty()) {
            return OptionalDouble.empty();
        }
        double rest = usual.getAsDouble() - run.progress().orElseThrow().epochs();
        return rest > 0 ? OptionalDouble.of(rest * each.getAsDouble()) : OptionalDouble.empty();
    }

    /** How many runs are in each stage, in the order of the stages. */
    public Map<Stage, Long> counts() {
        var counts = new TreeMap<Stage, Long>();
        runs.forEach(run -> counts.merge(run.state().stage(), 1L, Long::sum));
        return counts;
    }

    /** What the jobs that make no runs are doing, as far as Slurm says. */
    public Map<Job, QueuedJob> otherJobs() {
        var others = new java.util.LinkedHashMap<Job, QueuedJob>();
        for (Job job : campaign.jobs()) {
            if (job.point().isEmpty()) {
                queue.newest(job.ids(), 0).ifPresent(said -> others.put(job, said));
            }
        }
        return others;
    }

    /** The option that keeps jobs away from broken nodes; empty if none is known. */
    public Optional<String> exclude() {
        return badNodes.isEmpty()
                ? Optional.empty()
                : Optional.of("--exclude="
                        + String.join(",", badNodes.stream().map(BadNode::node).toList()));
    }
}
