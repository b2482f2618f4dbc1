package org.mlhpc.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Trainer;

/**
 * The checkpoints of a run, one after each epoch: a state file and, written after it, a description with its checksum. The
 * last two are kept, so that one damaged by a crash costs an epoch and not the run.
 */
final class Checkpoints {
    private static final int KEPT = 2;
    private static final String SUFFIX = ".json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private final Path directory;

    Checkpoints(Path directory) {
        this.directory = directory;
    }

    /** Writes the state after {@code epoch} and returns its file. */
    Path saveState(int epoch, Trainer<?> trainer) throws IOException {
        Files.createDirectories(directory);
        Path state = directory.resolve(String.format("epoch_%04d.safetensors", epoch));
        trainer.saveState(state);
        return state;
    }

    /** Makes a saved state a checkpoint, and removes old ones. */
    void complete(Checkpoint checkpoint) throws IOException {
        Path file = directory.resolve(String.format("epoch_%04d", checkpoint.epoch()) + SUFFIX);
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.writeString(partial, JSON.writeValueAsString(checkpoint));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(partial);
            throw new IOException("cannot write checkpoint " + file + ": " + e.getMessage(), e);
        }
        List<Path> all = newestFirst();
        for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
            Files.deleteIfExists(old);
            Files.deleteIfExists(stateOf(old));
        }
    }

    private static Path stateOf(Path description) {
        String name = String.valueOf(description.getFileName());
        return description.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".safetensors");
    }

    private List<Path> newestFirst() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    /**
     * The newest sound checkpoint.
     *
     * @param complaints told about each damaged one
     * @throws IOException if there are checkpoints, and none is sound
     */
    Optional<Checkpoint> newest(Consumer<String> complaints) throws IOException {
        var faults = new ArrayList<String>();
        for (Path file : newestFirst()) {
            try {
                return Optional.of(verified(file));
            } catch (IOException e) {
                complaints.accept("checkpoint " + file + " cannot be used: " + e.getMessage());
                faults.add(e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new IOException("no checkpoint in " + directory + " can be used: " + String.join("; ", faults)
                    + "; start again with another --out");
        }
        return Optional.empty();
    }

    private static Checkpoint verified(Path file) throws IOException {
        Checkpoint checkpoint;
        try {
            checkpoint = JSON.readValue(Files.readString(file), Checkpoint.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
        }
        Path state = file.resolveSibling(checkpoint.stateFile());
        if (!Files.isRegularFile(state)) {
            throw new IOException(state + " is missing");
        }
        if (!Manifest.entryOf(state).equals(new Manifest.Entry(checkpoint.stateBytes(), checkpoint.crc32c()))) {
            throw new IOException(state + " is damaged: its length or CRC-32C is not the recorded one");
        }
        return checkpoint;
    }

    Path state(int epoch) {
        return directory.resolve(String.format("epoch_%04d.safetensors", epoch));
    }

    /** @throws IllegalArgumentException if the checkpoint belongs to another run; the message names the differences */
    static void requireSame(Map<String, String> identity, Checkpoint checkpoint) {
        var keys = new TreeSet<>(identity.keySet());
        keys.addAll(checkpoint.identity().keySet());
        var differences = new ArrayList<String>();
        for (String key : keys) {
            String now = identity.getOrDefault(key, "(absent)");
            String then = checkpoint.identity().getOrDefault(key, "(absent)");
            if (!now.equals(then)) {
                differences.add(key + "=" + now + " (was " + then + ")");
            }
        }
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("cannot resume with " + String.join(", ", differences)
                    + ": repeat the first command with --resume, or choose another --out");
        }
    }
}
