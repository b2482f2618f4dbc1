package org.mlhpc.harness.campaign;

import java.util.List;
import java.util.stream.Collectors;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.status.QueuedJob;
import org.mlhpc.slurm.status.RunState.Stage;

/** What is to be done now. */
public final class NextStep {
    private static final String NEVER = "DependencyNeverSatisfied";

    private NextStep() {}

    /** In words, with the command. */
    public static String of(CampaignStatus status) {
        List<RunStatus> open = status.runs().stream()
                .filter(run -> run.state().stage() != Stage.FINISHED)
                .toList();
        if (open.isEmpty()) {
            return "all runs are finished: ./mlhpc slurm collect " + status.folder();
        }
        List<QueuedJob> stuck = status.queue().jobs().values().stream()
                .filter(job -> job.waits() && job.reason().startsWith(NEVER))
                .toList();
        if (!stuck.isEmpty()) {
            return "jobs that never start: scancel "
                    + stuck.stream()
                            .map(job -> job.id().replaceFirst("_.*", ""))
                            .distinct()
                            .collect(Collectors.joining(" "))
                    + "; then mend what failed before them, and " + again(status);
        }
        long help = open.stream().filter(run -> !run.state().stage().goesOn()).count();
        if (!status.queue().answers()) {
            return "Slurm does not answer, so the queue is not known: ask again where squeue works";
        }
        if (help == 0) {
            return "nothing: all unfinished runs go on by themselves";
        }
        boolean busy = help < open.size();
        String runs = help + (help == 1 ? " run needs" : " runs need") + " help: see why, mend it, and ";
        return runs + again(status) + (busy ? ", once the other runs have left the queue" : "");
    }

    /** The same command submits what is unfinished. */
    private static String again(CampaignStatus status) {
        List<String> command = status.campaign().command();
        return command.isEmpty()
                ? "repeat the ./mlhpc slurm submit of this campaign"
                : "repeat ./mlhpc " + BatchText.quoted(command);
    }
}
