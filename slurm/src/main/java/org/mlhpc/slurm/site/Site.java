package org.mlhpc.slurm.site;

import java.util.List;
import java.util.Optional;
import org.mlhpc.slurm.script.BatchText;

/**
 * What a cluster wants to be told with every job.
 *
 * @param options of sbatch, such as {@code --partition=gpu}
 * @param burstBuffer lines for the burst buffer, such as {@code #DW jobdw …}
 * @param node what its nodes have
 * @param nodeLocal folder on each node's own storage; may name variables of the job
 * @param modules to load, in order
 * @param environment variables to set, as {@code NAME=value}
 * @param launcher what starts the ranks
 * @param timeLimit of the partition
 * @param signalSeconds before the time limit at which a job is told to end
 * @param spareNodes more nodes than a run needs, in case some are broken
 * @param fabric that the nodes must have up, such as {@code infiniband}
 */
public record Site(
        List<String> options,
        List<String> burstBuffer,
        Node node,
        Optional<String> nodeLocal,
        List<String> modules,
        List<String> environment,
        Launcher launcher,
        Optional<SlurmTime> timeLimit,
        int signalSeconds,
        int spareNodes,
        Optional<String> fabric) {
    static final int DEFAULT_SIGNAL_SECONDS = 120;

    public Site {
        options = List.copyOf(options);
        burstBuffer = List.copyOf(burstBuffer);
        modules = List.copyOf(modules);
        environment = List.copyOf(environment);
        options.forEach(BatchText::requireOption);
        for (String line : burstBuffer) {
            if (!line.matches("#(DW|BB) [ -~]+")) {
                throw new IllegalArgumentException(
                        "burst-buffer: '" + line + "' is not a line that begins with '#DW ' or '#BB '");
            }
        }
        for (String variable : environment) {
            if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*=.*")) {
                throw new IllegalArgumentException("environment: '" + variable + "' is not NAME=value");
            }
        }
    }

    /**
     * What starts the ranks.
     *
     * @param command {@code srun} or {@code mpirun}; empty to leave it to {@code ./mlhpc run}
     * @param mpi how srun talks to MPI, {@code pmix} or {@code pmi2}; empty for what Open MPI was built with
     */
    public record Launcher(Optional<String> command, Optional<String> mpi) {}

    /** A site that asks for nothing. */
    public static Site plain() {
        return new Site(
                List.of(),
                List.of(),
                Node.unknown(),
                Optional.empty(),
                List.of(),
                List.of(),
                new Launcher(Optional.empty(), Optional.empty()),
                Optional.empty(),
                DEFAULT_SIGNAL_SECONDS,
                0,
                Optional.empty());
    }

    /** Whether the options say how much memory a job is to have. */
    public boolean saysHowMuchMemory() {
        return options.stream().anyMatch(option -> option.matches("--mem(-per-(cpu|gpu))?(=.*)?"));
    }

    /** Whether the options say how nodes are shared with other jobs. */
    public boolean saysHowToShare() {
        return options.stream().anyMatch(option -> option.matches("(--exclusive|--oversubscribe|-s)(=.*)?"));
    }
}
