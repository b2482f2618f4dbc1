package org.mlhpc.slurm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The batch script of a job. Two minutes before the time limit, and when the job is preempted, Slurm sends TERM: the script
 * ends the run, whose checkpoints stay, and puts the job back into the queue, where it resumes.
 */
public record JobScript(Site site, JobSpec job, Path home) {
    private static final int SECONDS_BEFORE_LIMIT = 120;
    /** A run that never gets through an epoch within its limit would go round for ever. */
    private static final int MOST_RESTARTS = 50;

    /** The text of the script. */
    public String text() {
        return "#!/bin/bash\n" + String.join("\n", directives()) + "\n\n" + "set -uo pipefail\n" + setting()
                + running();
    }

    private List<String> directives() {
        var options = new ArrayList<>(List.of(
                "--job-name=" + job.name(),
                "--nodes=" + job.nodes(),
                "--ntasks-per-node=" + job.ranksPerNode(),
                "--time=" + job.time(),
                "--output=" + job.out() + "/slurm-%j.out",
                "--open-mode=append",
                "--requeue",
                "--signal=B:TERM@" + SECONDS_BEFORE_LIMIT));
        options.addAll(site.options());
        return options.stream().map(option -> "#SBATCH " + option).toList();
    }

    private String setting() {
        var lines = new StringBuilder();
        for (String module : site.modules()) {
            lines.append("module load ").append(BatchText.quoted(module)).append(" || exit 3\n");
        }
        for (String variable : site.environment()) {
            int split = variable.indexOf('=') + 1;
            lines.append("export ")
                    .append(variable, 0, split)
                    .append(BatchText.quoted(variable.substring(split)))
                    .append('\n');
        }
        return lines.toString();
    }

    private String running() {
        var words = new ArrayList<String>();
        words.add(home.resolve("mlhpc").toString());
        words.addAll(job.command());
        words.addAll(List.of(
                "--ranks", Integer.toString(job.ranks()), "--out", job.out().toString(), "--resume"));
        String command = words.stream().map(BatchText::quoted).collect(Collectors.joining(" "));
        return """

                # A job that Slurm has started again goes on from the last checkpoint; finished runs are not repeated.
                again=0 interrupted=1
                %s &
                run=$!
                trap 'again=1 interrupted=1; kill -TERM "$run" 2>/dev/null' TERM
                # A signal ends wait early; the next one gives the status of the run, or 127 if that is known already.
                while ((interrupted)); do
                    interrupted=0
                    wait "$run"
                    code=$?
                    ((code == 127)) || status=$code
                done
                if ((again && status > 3)); then
                    if ((${SLURM_RESTART_COUNT:-0} < %d)); then
                        echo "back to the queue: the run goes on from its last checkpoint"
                        scontrol requeue "$SLURM_JOB_ID"
                    else
                        echo "restarted %d times already: ask for more --time" >&2
                    fi
                fi
                exit "$status"
                """
                .formatted(command, MOST_RESTARTS, MOST_RESTARTS);
    }
}
