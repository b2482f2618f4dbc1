package org.mlhpc.torch.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;

/** A data set in the making: a file is entered into the manifest when it is complete. For several threads. */
public final class NewDataSet {
    private final Path directory;
    private final long samples;
    private final Progress progress;
    private final AtomicLong made = new AtomicLong();
    private final SortedMap<String, Manifest.Entry> files = new ConcurrentSkipListMap<>();

    /** Writes one file. */
    @FunctionalInterface
    public interface Writer {
        /** @throws IOException if it cannot be written; then nothing of it is left */
        void write(Path file) throws IOException;
    }

    /**
     * Begins with an empty folder for each split.
     *
     * @param samples how many there will be, in both splits
     * @throws IOException if {@code directory} is a file, holds anything or cannot be made
     */
    public NewDataSet(Path directory, long samples, Progress progress) throws IOException {
        requireEmpty(directory);
        Files.createDirectories(directory.resolve(SampleFolder.TRAIN));
        Files.createDirectories(directory.resolve(SampleFolder.VALIDATION));
        this.directory = directory;
        this.samples = samples;
        this.progress = progress;
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is a file: choose another directory for the data set");
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new IOException(directory + " is not empty: delete it or choose another directory");
            }
        }
    }

    /**
     * Has a file written.
     *
     * @param name path below the directory
     * @throws IOException if it cannot be written; the message names it and the fix
     * @throws InterruptedIOException if the writer was interrupted, which is no fault of the file
     */
    public void write(String name, Writer writer) throws IOException {
        Path file = directory.resolve(name);
        try {
            writer.write(file);
            files.put(name, Manifest.entryOf(file));
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot write " + file + " (" + FileErrors.message(e)
                            + "): free some space or choose another directory",
                    e);
        }
    }

    /** Counts a sample that is written. */
    public void sampleMade() {
        progress.report(made.incrementAndGet(), samples, "samples");
    }

    /**
     * Writes the manifest, which makes the data set complete.
     *
     * @param settings that the data were made by
     * @param keys the settings they depend on
     */
    public void finish(Settings settings, List<String> keys, long seed) throws IOException {
        var properties = new TreeMap<String, String>();
        keys.forEach(key -> properties.put(key, settings.get(key)));
        properties.put("seed", Long.toString(seed));
        new Manifest(properties, files).write(directory);
    }
}
