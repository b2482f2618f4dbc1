package org.mlhpc.slurm.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mlhpc.slurm.campaign.Campaign.Job;
import org.mlhpc.slurm.queue.Slurm;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.site.Site;

/**
 * Makes a campaign of a request, or goes on with the one that its folder holds: only unfinished runs get jobs.
 *
 * @param campaign with the jobs that are to be handed over
 * @param planned those jobs with their scripts; empty if everything is finished
 */
public record Submission(Path folder, Campaign campaign, List<PlannedJob> planned, Optional<String> after) {
    /**
     * What is to be done now; writes nothing.
     *
     * @param siteFile where the site was described
     * @param command the words after {@code ./mlhpc}
     * @throws IOException if the folder's campaign cannot be read
     * @throws IllegalArgumentException if it is another one than asked for, but that it may get more runs; the message says in what
     */
    public static Submission of(
            CampaignRequest request, Site site, Optional<String> siteFile, List<String> command, Instant now)
            throws IOException {
        List<PlannedJob> planned = new JobPlan(site, request).jobs();
        var training = request.training();
        var asked = new Campaign(
                Campaign.FORMAT,
                training.workload(),
                training.configuration(),
                training.metric(),
                training.target(),
                request.runs(),
                request.points(),
                planned.stream().map(PlannedJob::job).toList(),
                now,
                siteFile,
                request.runArguments(),
                command);
        Campaign campaign =
                CampaignFile.existsIn(request.out()) ? goingOn(CampaignFile.read(request.out()), asked) : asked;
        return new Submission(
                request.out(), campaign, planned, request.queueing().after());
    }

    private static Campaign goingOn(Campaign earlier, Campaign asked) {
        List<String> differences = differences(earlier, asked);
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("--out holds another campaign: " + String.join("; ", differences)
                    + "; ask for the same to go on with it, or choose another --out");
        }
        Map<String, Job> jobs = new LinkedHashMap<>();
        earlier.jobs().forEach(job -> jobs.put(job.name(), job));
        for (Job job : asked.jobs()) {
            Job before = jobs.get(job.name());
            jobs.put(job.name(), before == null ? job : job.withIds(before.ids()));
        }
        return asked.with(List.copyOf(jobs.values()), earlier.created());
    }

    private static List<String> differences(Campaign earlier, Campaign asked) {
        var differences = new ArrayList<String>();
        compare(differences, "workload", earlier.workload(), asked.workload());
        compare(differences, "configuration", earlier.configuration(), asked.configuration());
        compare(differences, "metric", earlier.metric().word(), asked.metric().word());
        if (asked.runs() < earlier.runs()) {
            compare(differences, "runs", earlier.runs(), asked.runs());
        }
        compare(differences, "sizes", inWords(earlier), inWords(asked));
        compare(
                differences,
                "options of the runs",
                String.join(" ", earlier.runArguments()),
                String.join(" ", asked.runArguments()));
        return differences;
    }

    private static void compare(List<String> differences, String what, Object earlier, Object asked) {
        if (!earlier.equals(asked)) {
            differences.add(what + " there: " + earlier + ", asked for: " + asked);
        }
    }

    private static String inWords(Campaign campaign) {
        return String.join(
                ", ",
                campaign.points().stream()
                        .map(point -> point.name() + " with " + point.ranksPerNode() + " ranks per node")
                        .toList());
    }

    /** Writes the scripts and the campaign. */
    public void write() throws IOException {
        Files.createDirectories(folder.resolve("jobs"));
        for (PlannedJob each : planned) {
            Path file = folder.resolve(each.job().script());
            Path partial = file.resolveSibling(file.getFileName() + ".partial");
            Files.writeString(partial, each.text());
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        }
        CampaignFile.write(folder, campaign);
    }

    /**
     * Writes everything and hands the jobs over. If one cannot be handed over or recorded, those of this call are taken back.
     *
     * @return the campaign with the new ids
     * @throws IOException if jobs of this campaign are still in the queue, Slurm does not take one, or its id cannot be written; the
     *     message says what is left in the queue
     */
    public Campaign submit(Slurm slurm) throws IOException {
        requireNothingQueued(slurm);
        write();
        Map<String, String> ids = new LinkedHashMap<>();
        Campaign current = campaign;
        for (PlannedJob each : planned) {
            String name = each.job().name();
            try {
                String id = slurm.submit(
                        dependencies(each.job(), ids), folder.resolve(each.job().script()));
                ids.put(name, id);
                current = current.submitted(name, id);
                CampaignFile.write(folder, current);
            } catch (IOException e) {
                throw new IOException(
                        name + " was not submitted: " + e.getMessage() + "; " + takenBack(slurm, ids.values()), e);
            }
        }
        return current;
    }

    private void requireNothingQueued(Slurm slurm) throws IOException {
        Set<String> ids = new TreeSet<>();
        JobIds.completed(folder, campaign).jobs().forEach(job -> ids.addAll(job.ids()));
        if (ids.isEmpty()) {
            return;
        }
        ids.retainAll(slurm.queued());
        if (!ids.isEmpty()) {
            String list = String.join(" ", ids);
            throw new IOException("jobs of this campaign are still in the queue: " + list
                    + "; wait for them, or end them with scancel " + list + " and submit again");
        }
    }

    /** Takes jobs back and says whether that was possible. */
    private static String takenBack(Slurm slurm, Collection<String> ids) {
        if (ids.isEmpty()) {
            return "no other job was";
        }
        String list = String.join(" ", ids);
        try {
            slurm.cancel(List.copyOf(ids));
            return "the jobs that Slurm had taken were taken back: " + list;
        } catch (IOException e) {
            return "the jobs that Slurm had taken could not be taken back (" + e.getMessage() + "): scancel " + list;
        }
    }

    /** Options of sbatch that make a job wait, with an id, or whatever {@code ids} has, for each name of a job. */
    List<String> dependencies(Job job, Map<String, String> ids) {
        var parts = new ArrayList<String>();
        boolean needsSuccess = false;
        if (job.dependsOn().isEmpty()) {
            after.ifPresent(id -> parts.add("afterany:" + id));
        }
        for (Campaign.Dependency each : job.dependsOn()) {
            parts.add(each.when() + ":" + ids.get(each.job()));
            needsSuccess |= each.when().equals("afterok");
        }
        var options = new ArrayList<String>();
        if (!parts.isEmpty()) {
            options.add("--dependency=" + String.join(",", parts));
        }
        if (needsSuccess) {
            options.add("--kill-on-invalid-dep=yes");
        }
        return options;
    }

    /** The same as commands for a shell, which keeps each id in a variable and in the file that {@link JobIds} reads. */
    public String commands() {
        var text = new StringBuilder();
        Map<String, String> variables = new HashMap<>();
        for (PlannedJob each : planned) {
            Job job = each.job();
            String variable = job.name().replaceAll("[^A-Za-z0-9]", "_");
            var words = new ArrayList<>(List.of("sbatch", "--parsable"));
            words.addAll(dependencies(job, variables));
            words.add(BatchText.quoted(folder.resolve(job.script()).toString()));
            text.append(variable)
                    .append("=$(")
                    .append(String.join(" ", words))
                    .append(" | tee -a ")
                    .append(BatchText.quoted(JobIds.file(folder, job).toString()))
                    .append(")\n");
            variables.put(job.name(), "$" + variable);
        }
        return text.toString();
    }

    /** Scripts and commands, as they would be handed over. */
    public String preview() {
        var text = new StringBuilder();
        for (PlannedJob each : planned) {
            text.append("### ")
                    .append(folder.resolve(each.job().script()))
                    .append('\n')
                    .append(each.text())
                    .append('\n');
        }
        return text.append("### commands\n").append(commands()).toString();
    }
}
