package org.mlhpc.slurm.campaign;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Runs of one workload at one or several numbers of nodes, and the jobs that make them.
 *
 * @param format of the file, {@link #FORMAT}
 * @param workload name of the workload
 * @param configuration name of its configuration
 * @param metric what the results are for
 * @param target quality that ends a run, in the workload's words, such as {@code mae <= 0.124}
 * @param runs results that each point is to have; of a throughput campaign as many as instances
 * @param points in the order that was asked for
 * @param jobs each after those that it depends on
 * @param created when it was first submitted
 * @param site file that describes the cluster; empty without one
 * @param runArguments words after {@code ./mlhpc run} that all runs share: workload, configuration, settings, data
 * @param command the words after {@code ./mlhpc} that submitted it last
 */
public record Campaign(
        int format,
        String workload,
        String configuration,
        Metric metric,
        String target,
        int runs,
        List<Point> points,
        List<Job> jobs,
        Instant created,
        Optional<String> site,
        List<String> runArguments,
        List<String> command) {
    /** The only format that is read. */
    public static final int FORMAT = 1;

    public Campaign {
        points = List.copyOf(points);
        jobs = List.copyOf(jobs);
        runArguments = List.copyOf(runArguments);
        command = List.copyOf(command);
    }

    /** With other jobs, and the time at which it really began. */
    Campaign with(List<Job> others, Instant began) {
        return new Campaign(
                format,
                workload,
                configuration,
                metric,
                target,
                runs,
                points,
                others,
                began,
                site,
                runArguments,
                command);
    }

    /** After Slurm has taken the job of this name as {@code id}. */
    Campaign submitted(String name, String id) {
        return with(
                jobs.stream()
                        .map(job -> job.name().equals(name) ? job.submitted(id) : job)
                        .toList(),
                created);
    }

    /** What the results of a campaign are for; named as {@code ./mlhpc package --metric} names it. */
    public enum Metric {
        /** Seconds of single runs. */
        TIME_TO_TRAIN,
        /** Models per minute of runs that train at the same time. */
        THROUGHPUT;

        /** As options and files have it, such as {@code time_to_train}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One size.
     *
     * @param name of its folder: {@code nodes_4}, or {@code weak_8x2} for 8 instances of 2 nodes
     * @param nodes of each run
     * @param instances runs that train at the same time in one job; 1 unless the metric is throughput
     * @param ranksPerNode processes of a run on each of its nodes
     */
    public record Point(String name, int nodes, int instances, int ranksPerNode) {
        /** Single runs, each on {@code nodes} nodes. */
        public static Point single(int nodes, int ranksPerNode) {
            return new Point("nodes_" + nodes, nodes, 1, ranksPerNode);
        }

        /** Runs at the same time. */
        public static Point throughput(int instances, int nodes, int ranksPerNode) {
            return new Point("weak_" + instances + "x" + nodes, nodes, instances, ranksPerNode);
        }

        /** Nodes that its job needs at once, without spare ones. */
        public int nodesOfJob() {
            return nodes * instances;
        }
    }

    /**
     * A batch job.
     *
     * @param name {@code data}, {@code stage}, {@code train-nodes_4}, {@code collect} or {@code package}
     * @param point name of the point whose runs it makes; empty of other jobs
     * @param ids of Slurm, one each time it was submitted, the newest last; empty while Slurm has not taken it
     * @param array indices of its tasks, the runs, as sbatch was told: {@code 0-9%2}; empty of a job without tasks
     * @param dependsOn jobs of the campaign that it waits for
     * @param script its file, relative to the campaign's folder
     */
    public record Job(
            String name,
            Optional<String> point,
            List<String> ids,
            Optional<String> array,
            List<Dependency> dependsOn,
            String script) {
        public Job {
            ids = List.copyOf(ids);
            dependsOn = List.copyOf(dependsOn);
        }

        /** Submitted before as {@code earlier}. */
        Job withIds(List<String> earlier) {
            return new Job(name, point, earlier, array, dependsOn, script);
        }

        Job submitted(String id) {
            var all = new ArrayList<>(ids);
            all.add(id);
            return withIds(all);
        }

        /** The newest id. */
        public Optional<String> id() {
            return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(ids.size() - 1));
        }
    }

    /**
     * What a job waits for.
     *
     * @param when in the words of sbatch: {@code afterok}, or {@code afterany} whether it failed or not
     * @param job name of the other job
     */
    public record Dependency(String when, String job) {}
}
