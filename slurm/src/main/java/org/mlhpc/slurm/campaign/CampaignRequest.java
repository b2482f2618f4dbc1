package org.mlhpc.slurm.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.mlhpc.slurm.campaign.Campaign.Metric;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.site.SlurmTime;

/**
 * What a user asks for.
 *
 * @param training what each run does
 * @param runs results of each point; of a throughput campaign as many as instances
 * @param points sizes, each with a name of its own
 * @param limits for each point by name: how long its jobs may take
 * @param data where the data come from
 * @param queueing what Slurm is told beside the site's
 * @param packaging empty if nothing is to be packaged
 * @param out folder of the campaign
 * @param home folder of mlhpc
 */
public record CampaignRequest(
        Training training,
        int runs,
        List<Point> points,
        Map<String, Limit> limits,
        Data data,
        Queueing queueing,
        Optional<Packaging> packaging,
        Path out,
        Path home) {
    public CampaignRequest {
        points = List.copyOf(points);
        limits = Map.copyOf(limits);
        requirePositive("--runs", runs);
        Set<String> names = new HashSet<>();
        for (Point point : points) {
            requirePositive("--nodes", point.nodes());
            requirePositive("--instances", point.instances());
            requirePositive("--ranks-per-node", point.ranksPerNode());
            if (!names.add(point.name())) {
                throw new IllegalArgumentException("--nodes names " + point.nodes() + " twice");
            }
        }
        // Slurm reads the name of a job's output without a shell's quoting, and % in it stands for something else.
        BatchText.requireOption("--output=" + out);
        if (out.toString().contains("%")) {
            throw new IllegalArgumentException("--out=" + out + " must not contain %, which Slurm would replace");
        }
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + "=" + value + " must be at least 1");
        }
    }

    /**
     * What each run does.
     *
     * @param target in the workload's words
     * @param arguments words after {@code ./mlhpc run} without data, ranks and output
     * @param stageTo folder of each node that the data are staged to; may name variables of the job
     */
    public record Training(
            String workload,
            String configuration,
            Metric metric,
            String target,
            List<String> arguments,
            Optional<String> stageTo) {
        public Training {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * Where the data come from.
     *
     * @param given a data set; empty if one is to be generated
     * @param generate words after {@code ./mlhpc data generate}
     * @param prestage a faster file system that all nodes share, to copy the data to first
     * @param bytes of the data set, if they are known
     */
    public record Data(Optional<Path> given, List<String> generate, Optional<Path> prestage, OptionalLong bytes) {
        public Data {
            generate = List.copyOf(generate);
        }

        Path source(Path out) {
            return given.orElse(out.resolve("data"));
        }

        /** What the runs read. */
        Path read(Path out) {
            return prestage.orElse(source(out));
        }
    }

    /**
     * How long a job may take.
     *
     * @param why for the reader of the script
     */
    public record Limit(SlurmTime time, String why) {}

    /**
     * What Slurm is told beside the site's.
     *
     * @param atOnce tasks of an array that run at the same time; empty for all
     * @param spareNodes of each training job beyond those it needs
     * @param options of all jobs, such as {@code --exclude=n3}
     * @param mail address; empty for none
     * @param after id of a job that the campaign waits for
     */
    public record Queueing(
            OptionalInt atOnce, int spareNodes, List<String> options, Optional<String> mail, Optional<String> after) {
        public Queueing {
            options = List.copyOf(options);
            options.forEach(BatchText::requireOption);
            mail.ifPresent(address -> BatchText.requireOption("--mail-user=" + address));
            if (atOnce.isPresent()) {
                requirePositive("--at-once", atOnce.getAsInt());
            }
            if (spareNodes < 0) {
                throw new IllegalArgumentException("--spare=" + spareNodes + " must not be negative");
            }
            if (after.isPresent() && !after.get().matches("\\d+(_\\d+)?")) {
                throw new IllegalArgumentException("--after=" + after.get() + " is not the id of a job");
            }
        }

        /** Nothing. */
        public static Queueing plain() {
            return new Queueing(OptionalInt.empty(), 0, List.of(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * What is made of the results.
     *
     * @param organisation that submits
     * @param system description, as {@code ./mlhpc system describe} writes it
     */
    public record Packaging(String organisation, Path system) {}

    /** Words after {@code ./mlhpc run} that all runs share. */
    List<String> runArguments() {
        var words = new ArrayList<>(runArgumentsWithoutStaging());
        training.stageTo().ifPresent(folder -> words.addAll(List.of("--stage-to", folder)));
        return words;
    }

    /** The folder to stage to may name variables, which are not to be quoted as the other words are. */
    List<String> runArgumentsWithoutStaging() {
        var words = new ArrayList<>(training.arguments());
        words.addAll(List.of("--data", dataOfRuns()));
        return words;
    }

    String dataOfRuns() {
        return data.read(out).toString();
    }

    Limit limit(Point point) {
        Limit limit = limits.get(point.name());
        if (limit == null) {
            throw new IllegalArgumentException("no time limit for " + point.name());
        }
        return limit;
    }

    /** The limit of the longest training job. */
    SlurmTime longest() {
        return limits.values().stream()
                .map(Limit::time)
                .max(SlurmTime::compareTo)
                .orElseThrow();
    }
}
