package org.mlhpc.harness.cli;

import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.CommunicatorProvider;
import org.mlhpc.api.LocalCommunicator;

/** The job this process is part of: several ranks if a launcher started it so, else one. */
final class Job implements AutoCloseable {
    private final Map<String, String> environment;
    private @Nullable Communicator world;
    private String messagePassing = "";

    Job() {
        this(System.getenv());
    }

    Job(Map<String, String> environment) {
        this.environment = environment;
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
        String number = environment.getOrDefault("OMPI_COMM_WORLD_RANK", environment.getOrDefault("PMIX_RANK", "0"));
        return Integer.parseInt(number);
    }

    boolean isLaunched() {
        return environment.containsKey("OMPI_COMM_WORLD_SIZE") || environment.containsKey("PMIX_RANK");
    }

    boolean isParallel() {
        return world != null && world.size() > 1;
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
