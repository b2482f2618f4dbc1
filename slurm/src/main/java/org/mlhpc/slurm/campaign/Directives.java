package org.mlhpc.slurm.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.site.Site;
import org.mlhpc.slurm.site.SlurmTime;

/** The lines of a script that Slurm reads. */
final class Directives {
    /** When to write to the user. */
    static final String WHEN_FAILED = "FAIL";

    static final String WHEN_ENDED = "END,FAIL";

    private static final String EXCLUDE = "--exclude=";

    private final Site site;
    private final CampaignRequest request;

    Directives(Site site, CampaignRequest request) {
        this.site = site;
        this.request = request;
    }

    /**
     * What a job takes.
     *
     * @param tasks on each node
     * @param cpusPerTask processors as Slurm counts them; empty to leave it to Slurm
     * @param whole whether it has its nodes to itself
     * @param signalled whether it is told before its time is over
     * @param array of its tasks
     * @param mail {@link #WHEN_FAILED} or {@link #WHEN_ENDED}
     */
    record Shape(
            int nodes,
            int tasks,
            OptionalInt cpusPerTask,
            boolean whole,
            boolean signalled,
            Optional<String> array,
            SlurmTime time,
            String mail) {}

    String text(String job, Shape shape) {
        return options(job, shape).stream()
                .peek(BatchText::requireOption)
                .map(option -> "#SBATCH " + option)
                .collect(Collectors.joining("\n"));
    }

    private List<String> options(String job, Shape shape) {
        String number = shape.array().isPresent() ? "%A_%a" : "%j";
        var options = new ArrayList<>(List.of(
                "--job-name=mlhpc-" + request.training().workload() + "-" + job,
                "--nodes=" + shape.nodes(),
                "--ntasks-per-node=" + shape.tasks(),
                "--time=" + shape.time(),
                "--output=" + request.out().resolve("jobs/" + job + "-" + number + ".out"),
                "--open-mode=append",
                "--requeue"));
        shape.array().ifPresent(array -> options.add("--array=" + array));
        shape.cpusPerTask().ifPresent(count -> options.add("--cpus-per-task=" + count));
        if (shape.signalled()) {
            options.add("--signal=B:TERM@" + site.signalSeconds());
        }
        if (shape.whole()) {
            if (!site.saysHowMuchMemory()) {
                // All of it: a number may be more than Slurm leaves to jobs, and without any it may be the share of a
                // core.
                options.add("--mem=0");
            }
            if (!site.saysHowToShare()) {
                options.add("--exclusive");
            }
        }
        request.queueing().mail().ifPresent(address -> {
            options.add("--mail-user=" + address);
            options.add("--mail-type=" + shape.mail());
        });
        // Those of the site last, since it knows best.
        options.addAll(merged(request.queueing().options(), site.options()));
        return options;
    }

    /** Of the same option the last counts, but nodes are to be kept away from whoever says so. */
    private static List<String> merged(List<String> asked, List<String> site) {
        String excluded = Stream.concat(asked.stream(), site.stream())
                .filter(option -> option.startsWith(EXCLUDE))
                .map(option -> option.substring(EXCLUDE.length()))
                .distinct()
                .collect(Collectors.joining(","));
        var options = new ArrayList<String>();
        if (!excluded.isEmpty()) {
            options.add(EXCLUDE + excluded);
        }
        Stream.concat(asked.stream(), site.stream())
                .filter(option -> !option.startsWith(EXCLUDE))
                .forEach(options::add);
        return options;
    }
}
