package org.mlhpc.slurm.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.slurm.campaign.JobOutput;
import org.mlhpc.slurm.status.History;
import org.mlhpc.slurm.status.Queue;
import org.mlhpc.slurm.status.QueuedJob;
import org.mlhpc.slurm.status.RunState;

/** A folder of runs, a job script that sources batch.sh, and a stand-in for mlhpc that behaves as a test says. */
final class BatchPoint {
    /** Behaviour of a run that saves its state when it is asked to, and then needs one more start. */
    static final String SAVES = """
            saved && finish
            await_stop
            save
            """;

    private static final Path LAUNCHER = Path.of("..", "harness", "launcher");
    /** It works in the point's folder, and knows its run as {@code index}. */
    private static final String STAND_IN =
            """
            #!/bin/bash
            while (($# > 0)); do
                case $1 in
                --out) cd "$2" || exit 3 ;;
                --run-index) index=$2 ;;
                esac
                shift
            done
            echo "${MLHPC_NODES-all}" >>"starts_$index"
            first_start() {
                (($(wc -l <"starts_$index") == 1))
            }
            # What mlhpc does when it has reached its target.
            finish() {
                touch "result_$index.txt"
                exit 0
            }
            # What the launcher says of the end of a run: its kind, and more.
            exit_because() {
                printf '%s\\t%s\\n' "$1" "$2" >"$MLHPC_CAUSE"
                exit 3
            }
            # What mlhpc does when it is asked to stop.
            save() {
                mkdir -p "checkpoints_$index" && echo state >"checkpoints_$index/epoch_0001.json"
                rm -f "stop_$index"
                exit_because stopped 'epoch 1, step 2'
            }
            saved() {
                [[ -e checkpoints_$index/epoch_0001.json ]]
            }
            # Returns when it is asked to.
            await_stop() {
                touch "running_$index"
                while [[ ! -e stop_$index ]]; do sleep 0.1; done
            }
            """;

    private final ThrowawayCluster cluster;
    private final Path directory;
    /** What batch_begin is told: the number of runs of a job of instances. */
    private final String count;

    /** @param behaviour of a run, in bash */
    BatchPoint(ThrowawayCluster cluster, Path directory, String behaviour) throws IOException {
        this(cluster, directory, behaviour, "");
    }

    private BatchPoint(ThrowawayCluster cluster, Path directory, String behaviour, String count) throws IOException {
        this.count = count;
        this.cluster = cluster;
        this.directory = directory;
        prepareHome(directory, STAND_IN + behaviour);
        Files.createDirectory(folder());
    }

    /** One whose job has several runs at the same time. */
    static BatchPoint ofInstances(ThrowawayCluster cluster, Path directory, int count, String behaviour)
            throws IOException {
        return new BatchPoint(cluster, directory, behaviour, Integer.toString(count));
    }

    /** Puts a program before those of the system; its job begins with {@code PATH=$home/bin:$PATH}. */
    void program(String name, String text) throws IOException {
        Path file = Files.createDirectories(directory.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/bash\n" + text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }

    /** Makes {@code home} one of mlhpc, with the real launcher and {@code program} as mlhpc. */
    static void prepareHome(Path home, String program) throws IOException {
        copyLauncher(Files.createDirectories(home.resolve("harness/launcher")));
        Path mlhpc = Files.writeString(home.resolve("mlhpc"), program);
        if (!mlhpc.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + mlhpc + " executable");
        }
    }

    private static void copyLauncher(Path to) throws IOException {
        try (var files = Files.list(LAUNCHER)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    Path folder() {
        return directory.resolve("point");
    }

    /** Hands a job over and returns its id. */
    String submit(String commands, String... options) throws IOException, InterruptedException {
        return submit(Map.of(), commands, options);
    }

    String submit(Map<String, String> environment, String commands, String... options)
            throws IOException, InterruptedException {
        // In the script, so that it goes for a job that submits itself anew, too.
        Path script = Files.writeString(
                directory.resolve("job.sh"),
                "#!/bin/bash\n#SBATCH --open-mode=append --output=" + folder() + "/output\nset -uo pipefail\nhome="
                        + directory + "\n. \"$home/harness/launcher/batch.sh\"\n" + "batch_begin " + folder() + ' '
                        + count + "\n" + commands + "\n");
        var words = new ArrayList<>(List.of("sbatch", "--parsable", "--requeue"));
        words.addAll(List.of(options));
        words.add(script.toString());
        return cluster.run(environment, words.toArray(String[]::new));
    }

    boolean has(String name) {
        return Files.exists(folder().resolve(name));
    }

    String text(String name) {
        try {
            return has(name) ? Files.readString(folder().resolve(name)) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of {@code bad_nodes} or {@code suspect_nodes} without their times. */
    String nodes(String file) {
        return text(file).replaceAll("(?m)\t20[^\t]*Z$", "");
    }

    /** Kinds and texts of the events of a run, a line each. */
    String events(int index) {
        return text("events_" + index + ".tsv").replaceAll("(?m)^[^\t]*\t[^\t]*\t[^\t]*\t", "");
    }

    /** Why run 0 stands where it stands, as {@code slurm status} has it. */
    String why(String job) throws IOException {
        Queue queue = Queue.ask(List.of(job), cluster::answer);
        QueuedJob said = JobOutput.explained(queue.newest(List.of(job), 0).orElseThrow(), folder().resolve("output"));
        History history = History.read(folder().resolve("events_0.tsv"));
        return RunState.of(history, true, queue.answers(), Optional.of(said), Optional.empty())
                .why();
    }

    void awaitFile(String name) throws InterruptedException {
        ThrowawayCluster.await(folder() + "/" + name, () -> has(name) ? "there" : text("output"), "there");
    }

    void awaitEvents(int index, String pattern) throws InterruptedException {
        ThrowawayCluster.await("events of run " + index, () -> events(index), "(?s)" + pattern);
    }
}
