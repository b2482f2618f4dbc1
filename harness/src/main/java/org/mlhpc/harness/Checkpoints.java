package org.mlhpc.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Trainer;
import org.mlhpc.roofline.WholeFile;
import org.mlhpc.roofline.json.JsonRecords;

/**
 * The checkpoints of a run, one after each epoch and one wherever it was asked to stop: a state file and, written after it, a description with its checksum. The
 * last two are kept, so that one damaged by a crash costs an epoch and not the run.
 */
final class Checkpoints {
    private static final int KEPT = 2;
    private static final String SUFFIX = ".json";
    private static final String STATE_SUFFIX = ".safetensors";
    private static final JsonMapper JSON = JsonRecords.mapper()
            .rebuild()
            .propertyNamingStrategy(PropertyNamingStrategies.LOWER_CAMEL_CASE)
            .disable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final Path directory;

    Checkpoints(Path directory) {
        this.directory = directory;
    }

    /** Writes the state at {@code position} and returns its file. */
    Path saveState(Checkpoint.Position position, Trainer<?> trainer) throws IOException {
        Files.createDirectories(directory);
        Path state = directory.resolve(position.fileName() + STATE_SUFFIX);
        trainer.saveState(state);
        return state;
    }

    /** Makes a saved state a checkpoint, and removes old ones. */
    void complete(Checkpoint checkpoint) throws IOException {
        Path file = directory.resolve(checkpoint.position().fileName() + SUFFIX);
        WholeFile.write(file, JSON.writeValueAsString(checkpoint));
        List<Path> all = newestFirst();
        for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
            Files.deleteIfExists(old);
        }
        removeStatesWithoutDescription();
    }

    /** Of removed checkpoints, and of runs that died between the two files. */
    private void removeStatesWithoutDescription() throws IOException {
        Set<Path> described = newestFirst().stream().map(Checkpoints::stateOf).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(STATE_SUFFIX) && !described.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static Path stateOf(Path description) {
        String name = String.valueOf(description.getFileName());
        return description.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + STATE_SUFFIX);
    }

    private List<Path> newestFirst() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            var byPosition = new TreeMap<Checkpoint.Position, Path>();
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(SUFFIX)) {
                    Checkpoint.Position.ofFileName(name.substring(0, name.length() - SUFFIX.length()))
                            .ifPresent(position -> byPosition.put(position, file));
                }
            }
            return List.copyOf(byPosition.descendingMap().values());
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
            checkpoint = JSON.treeToValue(withWhatIsNew(file, JSON.readTree(Files.readString(file))), Checkpoint.class);
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

    /** Adds what was not saved before runs could stop within an epoch; and only rank 0 kept how long its phases had taken. */
    private static JsonNode withWhatIsNew(Path file, JsonNode tree) throws IOException {
        if (tree instanceof ObjectNode checkpoint && !checkpoint.has("begun")) {
            checkpoint.putNull("begun");
            checkpoint.put("savedMillis", Files.getLastModifiedTime(file).toMillis());
            checkpoint.putArray("interruptions");
        }
        if (tree instanceof ObjectNode checkpoint && checkpoint.path("phases").isObject()) {
            JsonNode ofRankZero = checkpoint.get("phases");
            checkpoint.putArray("phases").add(ofRankZero);
        }
        return tree;
    }

    Path state(Checkpoint checkpoint) {
        return directory.resolve(checkpoint.stateFile());
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
