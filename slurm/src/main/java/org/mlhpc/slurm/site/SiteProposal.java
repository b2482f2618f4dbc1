package org.mlhpc.slurm.site;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A site file from what Slurm says of its partitions, and what only the user knows. Each key has a comment that says where its value
 * comes from.
 */
public final class SiteProposal {
    /** Options of sinfo whose output is read. */
    public static final List<String> SINFO = List.of("--noheader", "--exact", "--format=" + NodeKind.FORMAT);

    private final List<NodeKind> kinds;
    private final String configuration;
    private final StringBuilder text = new StringBuilder();

    /**
     * @param sinfo output of sinfo with the options {@link #SINFO}
     * @param configuration output of {@code scontrol show config}
     * @param partition the only one that counts; empty for all
     * @throws IllegalArgumentException if there is no such partition, or sinfo prints something else
     */
    public SiteProposal(String sinfo, String configuration, Optional<String> partition) {
        List<NodeKind> all = NodeKind.parse(sinfo);
        this.kinds = all.stream()
                .filter(kind -> partition.isEmpty() || kind.partition().equals(partition.get()))
                .toList();
        this.configuration = configuration;
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException(partition
                            .map(name -> "no partition '" + name + "' takes jobs; ")
                            .orElse("no partition takes jobs; ")
                    + "sinfo has "
                    + String.join(
                            ", ",
                            all.stream().map(NodeKind::partition).distinct().toList()));
        }
    }

    /** What only the user knows; empty where nothing was said. */
    public record Answers(Optional<String> account, Optional<String> nodeLocal) {}

    /** The file system for temporary files that Slurm knows of on the nodes; empty if it was not told of any. */
    public Optional<String> temporaryFiles() {
        boolean some = kinds.stream().anyMatch(kind -> kind.diskMebibytes() > 0);
        return some ? configured("TmpFS") : Optional.empty();
    }

    /**
     * The text of the file.
     *
     * @throws IllegalArgumentException if no site file could have an answer; the message has it
     */
    public String text(Answers answers) {
        text.setLength(0);
        line("# For cluster " + configured("ClusterName").orElse("unknown") + ", from what Slurm "
                + configured("SLURM_VERSION").orElse("") + " says. What the keys mean: docs/slurm.md");
        account(answers);
        nodeLocal(answers);
        launcher();
        preemption();
        if (kinds.size() == 1) {
            describe("", kinds.get(0), true);
        } else {
            describeTypes();
        }
        SiteFile.parse(text.toString(), Optional.empty());
        return text.toString();
    }

    private void account(Answers answers) {
        if (answers.account().isPresent()) {
            key("", SiteKey.ACCOUNT, answers.account().get(), "given by the user");
        } else {
            line("\n# not given: the account that is charged, where the cluster wants one\n# account = ");
        }
    }

    private void nodeLocal(Answers answers) {
        if (answers.nodeLocal().isPresent()) {
            key("", SiteKey.NODE_LOCAL, answers.nodeLocal().get(), "given by the user");
        } else {
            line("\n# not given: a folder on each node's own storage, for --stage-local\n# node-local = "
                    + temporaryFiles().map(folder -> folder + "/mlhpc").orElse(""));
        }
    }

    private void launcher() {
        String mpi = configured("MpiDefault").orElse("none");
        boolean usable = mpi.matches("pmix(_v\\d+)?|pmi2");
        key(
                "",
                SiteKey.LAUNCHER,
                usable ? "srun" : "mpirun",
                "scontrol show config: MpiDefault = " + mpi
                        + (usable ? "" : "; launcher = srun with mpi = pmix is better where srun --mpi=list has it"));
        if (usable) {
            key("", SiteKey.MPI, mpi, "the same");
        }
    }

    /** Slurm tells the script of a job that has to make room only if it is configured to, by a parameter that has moved since 22.05. */
    private void preemption() {
        String mode = configured("PreemptMode").orElse("OFF");
        if (mode.equals("OFF")) {
            return;
        }
        boolean told = Stream.of("SlurmctldParameters", "PreemptParameters")
                .anyMatch(name -> configured(name).orElse("").contains("send_user_signal"));
        line("\n# scontrol show config: PreemptMode = " + mode + (told ? " with" : " without")
                + " (preempt_)send_user_signal: a job that has to make room\n# "
                + (told
                        ? "saves its state in the GraceTime of its partition"
                        : "may not be told, and goes on from its last checkpoint"));
    }

    private void describeTypes() {
        Map<String, NodeKind> types = new LinkedHashMap<>();
        kinds.forEach(kind -> types.put(freeName(kind, types), kind));
        String first = types.entrySet().stream()
                .max(Comparator.comparing((Map.Entry<String, NodeKind> type) ->
                                type.getValue().isDefault())
                        .thenComparing(type -> type.getValue().nodes()))
                .orElseThrow()
                .getKey();
        key(
                "",
                SiteKey.NODE_TYPE,
                first,
                "most nodes of the default partition; --node-type chooses another one of those below");
        types.forEach((name, kind) -> describe(name + ".", kind, isAlone(kind)));
    }

    private boolean isAlone(NodeKind kind) {
        return kinds.stream()
                        .filter(other -> other.partition().equals(kind.partition()))
                        .count()
                == 1;
    }

    private String freeName(NodeKind kind, Map<String, NodeKind> taken) {
        String name = kind.partition();
        if (!isAlone(kind)) {
            name += "-" + ownFeature(kind).or(kind::gpus).orElse(kind.cores() + "c");
        }
        name = name.replaceAll("[^A-Za-z0-9_-]", "x");
        String free = name;
        for (int i = 2; taken.containsKey(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    /** A feature that no other nodes of the partition have. */
    private Optional<String> ownFeature(NodeKind kind) {
        return kind.features().stream()
                .filter(feature -> kinds.stream()
                        .filter(other -> other.partition().equals(kind.partition()) && !other.equals(kind))
                        .noneMatch(other -> other.features().contains(feature)))
                .findFirst();
    }

    private void describe(String prefix, NodeKind kind, boolean alone) {
        String source = "sinfo: " + kind.nodes() + (kind.nodes() == 1 ? " node" : " nodes") + " of partition "
                + kind.partition();
        key(prefix, SiteKey.PARTITION, kind.partition(), source);
        if (!alone) {
            ownFeature(kind)
                    .ifPresent(feature -> key(prefix, SiteKey.CONSTRAINT, feature, "a feature of these nodes alone"));
        }
        kind.timeLimit().ifPresent(limit -> key(prefix, SiteKey.TIME_LIMIT, limit.toString(), "the partition's"));
        kind.gpus().ifPresent(gpus -> key(prefix, SiteKey.GPUS_PER_NODE, gpus, "GRES of these nodes"));
        key(prefix, SiteKey.SOCKETS_PER_NODE, kind.sockets(), source);
        key(prefix, SiteKey.CORES_PER_NODE, kind.cores(), kind.sockets() + " sockets of " + kind.coresPerSocket());
        key(prefix, SiteKey.THREADS_PER_CORE, kind.threadsPerCore(), source);
        if (kind.memoryMebibytes() > 1) {
            key(prefix, SiteKey.MEMORY_PER_NODE, kind.memoryMebibytes() + "M", "RealMemory of these nodes");
        }
    }

    private void key(String prefix, SiteKey key, Object value, String source) {
        key.require(value.toString());
        // What Java takes for an escape or the end of a key it must not take so.
        line("\n# " + source + "\n" + prefix + key.word() + " = "
                + value.toString().replace("\\", "\\\\"));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private Optional<String> configured(String name) {
        Matcher line =
                Pattern.compile("(?m)^" + name + "\\s*=\\s*(\\S.*?)\\s*$").matcher(configuration);
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }
}
