package org.mlhpc.slurm.site;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The keys of a site file. */
enum SiteKey {
    PARTITION("partition", "of the queue", "[^ ]+"),
    ACCOUNT("account", "that is charged", "[^ ]+"),
    QOS("qos", "quality of service", "[^ ]+"),
    CONSTRAINT("constraint", "features that the nodes must have", "[^ ]+"),
    RESERVATION("reservation", "of nodes", "[^ ]+"),
    GPUS_PER_NODE("gpus-per-node", "such as 4 or a100:4", "([A-Za-z0-9._-]+:)?[1-9]\\d{0,3}"),
    SOCKETS_PER_NODE("sockets-per-node", "one rank for each, on nodes without GPUs", "[1-9]\\d{0,3}"),
    CORES_PER_NODE("cores-per-node", "shared out among the ranks", "[1-9]\\d{0,5}"),
    THREADS_PER_CORE("threads-per-core", "hardware threads that Slurm counts as processors", "[1-9]\\d?"),
    MEMORY_PER_NODE(
            "memory-per-node",
            "such as 500G; jobs ask for all of it, and nodes with less than half of it free are left out",
            "[1-9]\\d{0,8}[KMGTkmgt]?"),
    NODE_LOCAL("node-local", "folder on each node's own storage; $NAME stands for a variable of the job", "[/$].*"),
    BURST_BUFFER("burst-buffer", "lines such as #DW jobdw ... or #BB ..., between semicolons", ".+"),
    MODULES("modules", "to load, in order, between spaces", ".+"),
    ENVIRONMENT("environment", "variables of the job, NAME=value, between semicolons", ".+"),
    LAUNCHER("launcher", "srun or mpirun; without it mpirun where there is one", "srun|mpirun"),
    MPI("mpi", "pmix or pmi2, for srun; without it what Slurm offers and Open MPI understands", "pmix(_v\\d+)?|pmi2"),
    TIME_LIMIT("time-limit", "that a job may ask for at most", "[0-9:-]+"),
    SIGNAL_SECONDS("signal-seconds", "before the limit at which a job saves its state", "[1-9]\\d{0,4}"),
    SPARE_NODES("spare-nodes", "more than needed, in case some are broken", "\\d{1,3}"),
    FABRIC("fabric", "that must be up on each node: infiniband or slingshot", "infiniband|slingshot"),
    SBATCH("sbatch", "further options of sbatch, between spaces", ".+"),
    NODE_TYPE("node-type", "the one used without --node-type, where keys are written as TYPE.key", "[A-Za-z0-9_-]+");

    private final String word;
    private final String meaning;
    private final String form;

    SiteKey(String word, String meaning, String form) {
        this.word = word;
        this.meaning = meaning;
        this.form = form;
    }

    /** As it stands in the file. */
    String word() {
        return word;
    }

    String meaning() {
        return meaning;
    }

    /** @throws IllegalArgumentException if the key cannot have this value */
    void require(String value) {
        if (!value.matches("(?s)" + form)) {
            throw new IllegalArgumentException(word + " = " + value + " is not usable: " + meaning);
        }
    }

    static Optional<SiteKey> of(String word) {
        return Arrays.stream(values()).filter(key -> key.word.equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(SiteKey::word).toList();
    }
}
