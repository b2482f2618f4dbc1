package org.mlhpc.slurm.status;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.slurm.site.SlurmTime;

/**
 * What Slurm says of a job or a task of an array.
 *
 * @param id {@code 12}, or {@code 12_3} for task 3 of an array
 * @param state in Slurm's words, such as {@code PENDING}
 * @param reason why it waits or why it ended, in Slurm's words; {@code None} without one
 * @param nodes that it runs on, in Slurm's short form; empty while it waits
 * @param timeLeft of its limit, in Slurm's form
 */
public record QueuedJob(String id, String state, String reason, String nodes, String timeLeft) {
    private static final String OUT_OF_MEMORY = "OUT_OF_MEMORY";

    private static final Map<String, String> STATES = Map.ofEntries(
            Map.entry(
                    OUT_OF_MEMORY,
                    "its memory was used up: ask for more --mem, fewer ranks per node, or a smaller batch"),
            Map.entry("NODE_FAIL", "one of its nodes failed"),
            Map.entry("TIMEOUT", "its time limit was reached before its state was saved: ask for more --time"),
            Map.entry("DEADLINE", "its deadline was reached"),
            Map.entry("CANCELLED", "somebody cancelled it"),
            Map.entry("PREEMPTED", "a job of higher priority took its nodes"),
            Map.entry("BOOT_FAIL", "its nodes did not boot"),
            Map.entry("REVOKED", "another cluster runs it"),
            Map.entry("FAILED", "it ended with an error: the files in jobs/ and log_<run>.txt say which"));

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("Priority", "jobs of higher priority are before it"),
            Map.entry("Resources", "waits for free nodes"),
            Map.entry("Dependency", "waits for a job before it"),
            Map.entry(
                    "DependencyNeverSatisfied",
                    "a job before it failed, so it never starts: cancel it, mend the cause, submit again"),
            Map.entry("JobArrayTaskLimit", "as many runs as --at-once allows are under way"),
            Map.entry("BeginTime", "Slurm waits a while before it starts a job again"),
            Map.entry("JobHeldUser", "held: scontrol release lets it go on"),
            Map.entry("JobHeldAdmin", "held by an administrator"),
            Map.entry("PartitionTimeLimit", "its --time is more than the partition allows"),
            Map.entry("PartitionNodeLimit", "it asks for more nodes than the partition allows"),
            Map.entry("PartitionDown", "the partition is down"),
            Map.entry("ReqNodeNotAvail", "a node that it needs is down, reserved or excluded"),
            Map.entry("BadConstraints", "no node is as it asks for"));

    /** One line of {@code squeue --format=%i|%T|%L|%N|%r}; empty of another one. */
    static Optional<QueuedJob> parse(String line) {
        String[] cells = line.strip().split("\\|", 5);
        return cells.length == 5 && cells[0].matches("\\d+(_\\d+)?")
                ? Optional.of(new QueuedJob(cells[0], cells[1], cells[4], cells[3], cells[2]))
                : Optional.empty();
    }

    /** How long until Slurm ends it; empty without a limit, or if it is not known. */
    public Optional<Duration> limit() {
        return SlurmTime.of(timeLeft).map(SlurmTime::duration);
    }

    /** Whether it waits for its turn. */
    public boolean waits() {
        return switch (state) {
            case "PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT", "SUSPENDED" ->
                true;
            default -> false;
        };
    }

    /** Whether its script runs, or is about to. */
    public boolean runs() {
        return switch (state) {
            case "RUNNING", "CONFIGURING", "COMPLETING", "STAGE_OUT", "SIGNALING", "STOPPED", "RESIZING" -> true;
            default -> false;
        };
    }

    /** The same job, of which is known that its memory was used up. */
    public QueuedJob outOfMemory() {
        return new QueuedJob(id, OUT_OF_MEMORY, reason, nodes, timeLeft);
    }

    /** State and reason in words that say what to do. */
    public String explained() {
        String known = waits() ? REASONS.getOrDefault(reason.replaceFirst("[,(].*", ""), reason) : reason;
        String why = waits() ? known : STATES.getOrDefault(state.replaceFirst("\\+$", ""), reason);
        String word = state.toLowerCase(Locale.ROOT).replace('_', ' ');
        return why.isBlank() || why.equals("None") ? word : word + ": " + why;
    }
}
