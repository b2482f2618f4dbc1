package org.mlhpc.slurm.queue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Slurm through its programs on the PATH. */
public final class Programs implements Slurm {
    /** A controller that is busy may take a minute; one that is gone must not keep the user longer than this. */
    private static final long LIMIT_SECONDS = 120;

    private final Output programs;

    /** Those on the PATH. */
    public Programs() {
        this(Programs::output);
    }

    Programs(Output programs) {
        this.programs = programs;
    }

    /** What a command prints. */
    @FunctionalInterface
    interface Output {
        String output(List<String> command) throws IOException;
    }

    @Override
    public String submit(List<String> options, Path script) throws IOException {
        var command = new ArrayList<>(List.of("sbatch", "--parsable"));
        command.addAll(options);
        String mark = "mlhpc:" + UUID.randomUUID();
        // What a site wants as a comment stays.
        boolean marked = !Files.readString(script).contains("\n#SBATCH --comment");
        if (marked) {
            command.add("--comment=" + mark);
        }
        command.add(script.toString());
        try {
            // On several clusters it says id;cluster.
            String id = programs.output(command).strip().replaceFirst(";.*", "");
            if (!id.matches("\\d+")) {
                throw new IOException("sbatch says no id of a job but '" + id + "'");
            }
            return id;
        } catch (IOException e) {
            return afterAll(marked ? mark : "", script, e);
        }
    }

    /** Slurm may have taken a job and been too slow to say so: its id, if the queue has it. */
    private String afterAll(String mark, Path script, IOException error) throws IOException {
        String said = error.getMessage() + "; ";
        if (mark.isEmpty()) {
            throw new IOException(said + "look with squeue whether Slurm has taken " + script + " after all", error);
        }
        String queue;
        try {
            queue = programs.output(List.of("squeue", "--noheader", "--all", "--me", "--format=%F|%k"));
        } catch (IOException e) {
            throw new IOException(
                    said
                            + "whether Slurm has taken it after all is not known, since squeue does not answer either: look for a job"
                            + " with the comment " + mark + " before it is submitted again",
                    error);
        }
        return queue.lines()
                .map(String::strip)
                .filter(line -> line.endsWith("|" + mark))
                .map(line -> line.substring(0, line.indexOf('|')))
                .findFirst()
                .orElseThrow(() -> new IOException(said + "it is not in the queue", error));
    }

    @Override
    public Set<String> queued() throws IOException {
        return programs.output(List.of("squeue", "--noheader", "--all", "--format=%F"))
                .lines()
                .map(String::strip)
                .collect(Collectors.toSet());
    }

    @Override
    public void cancel(List<String> ids) throws IOException {
        var command = new ArrayList<>(List.of("scancel"));
        command.addAll(ids);
        programs.output(command);
    }

    /**
     * Standard output of a program of Slurm.
     *
     * @throws IOException if it is missing, fails or takes longer than two minutes; the message has what it says
     */
    public static String output(List<String> command) throws IOException {
        Path errors = Files.createTempFile("mlhpc-slurm", ".txt");
        Path said = Files.createTempFile("mlhpc-slurm", ".txt");
        try {
            Process process = start(command, said, errors);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " has not answered for " + LIMIT_SECONDS
                        + " s: is the controller of Slurm up? Try scontrol ping");
            }
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + oneLine(Files.readString(errors)));
            }
            return Files.readString(said, StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " was running", e);
        } finally {
            Files.deleteIfExists(errors);
            Files.deleteIfExists(said);
        }
    }

    private static Process start(List<String> command, Path said, Path errors) throws IOException {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(said.toFile()).redirectError(errors.toFile());
            clean(builder.environment());
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot start " + command.get(0)
                            + ": run this where Slurm's commands are, or print the scripts with"
                            + " ./mlhpc slurm submit --dry-run (" + e.getMessage() + ")",
                    e);
        }
    }

    /** What the user likes to see in tables must not change what is read here. */
    static void clean(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.matches("(SQUEUE|SINFO|SACCT)_.*"));
        environment.put("SLURM_TIME_FORMAT", "standard");
    }

    private static String oneLine(String text) {
        return Arrays.stream(text.strip().split("\\R")).map(String::strip).collect(Collectors.joining("; "));
    }
}
