package org.mlhpc.harness.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.CommunicatorProvider;
import org.mlhpc.api.LocalCommunicator;

/** The job this process is part of: several ranks if a launcher started it so, else one. */
final class Job implements AutoCloseable {
    /** Rank 0's process may start so much later than the others, on a busy node. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Variables with the number of a rank: of mpirun, and of srun with PMIx and with PMI2. */
    private static final List<String> RANKS = List.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK");

    private final Map<String, String> environment;
    private final Duration patience;
    private @Nullable Communicator world;
    private String messagePassing = "";

    Job() {
        this(System.getenv(), PATIENCE);
    }

    /** @param patience how long to wait for rank 0 in {@link #sayOnce}, in a job not yet joined */
    Job(Map<String, String> environment, Duration patience) {
        this.environment = environment;
        this.patience = patience;
    }

    /** Joins the job at the first call. */
    Communicator world() {
        if (world == null) {
            world = open();
        }
        return world;
    }

    private Communicator open() {
        if (!isLaunched()) {
            return new LocalCommunicator();
        }
        CommunicatorProvider provider = ServiceLoader.load(CommunicatorProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "this process was started by mpirun, but the program was built without Open MPI's Java bindings:"
                                + " start it with ./mlhpc, and see ./mlhpc doctor"));
        Communicator joined = provider.open();
        messagePassing = provider.name();
        return joined;
    }

    /** Name and version of the message-passing library; empty in a job of one process. */
    String messagePassing() {
        return messagePassing;
    }

    /** This process's number by its launcher, known before it joins the job; 0 for a single process. */
    int launchedRank() {
        String number = RANKS.stream()
                .filter(environment::containsKey)
                .findFirst()
                .map(environment::get)
                .orElse("0");
        return Integer.parseInt(number);
    }

    /** One process that srun starts with PMI2 need not join anything. */
    boolean isLaunched() {
        return environment.containsKey("OMPI_COMM_WORLD_SIZE")
                || environment.containsKey("PMIX_RANK")
                || Integer.parseInt(environment.getOrDefault("PMI_SIZE", "1")) > 1;
    }

    boolean isParallel() {
        return world != null && world.size() > 1;
    }

    /**
     * Says by rank 0 what all ranks have found wrong. Ranks with nothing to say must not end the job before it is said: they wait
     * until rank 0 has spoken, or in a job not yet joined to be ended with it. Where it does not end the job they speak too.
     * Collective in a job that is joined.
     *
     * @param words says it
     */
    void sayOnce(Callable<?> words) throws Exception {
        boolean speaks = launchedRank() == 0;
        if (!isParallel() && !speaks) {
            Thread.sleep(patience.toMillis());
            speaks = true;
        }
        if (speaks) {
            words.call();
        }
        if (isParallel()) {
            world().barrier();
        }
    }

    void abort(int exitCode) {
        world().abort(exitCode);
    }

    @Override
    public void close() {
        if (world != null) {
            world.close();
        }
    }
}
