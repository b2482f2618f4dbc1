package org.mlhpc.oc20.generate;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.data.GraphCodec;
import org.mlhpc.oc20.data.GraphFiles;
import org.mlhpc.oc20.lmdb.RecordFileWriter;
import org.mlhpc.oc20.pickle.Pickles;

/** Writes surfaces with adsorbates in the layout of the published set. Systems are made side by side and written in order. */
public final class SurfaceGenerator implements DataGenerator {
    private static final List<String> SETTING_KEYS = List.of(
            "cutoff",
            "max_neighbors",
            "gen_train_samples",
            "gen_validation_samples",
            "gen_frames",
            "gen_metals",
            "gen_adsorbates",
            "gen_facets",
            "gen_repeats",
            "gen_layers",
            "gen_relax_steps",
            "gen_rattle",
            "gen_edges",
            "gen_files");

    /** Odd, so that systems of one seed get different random states; the golden ratio as in SplittableRandom. */
    private static final long STREAM_STRIDE = 0x9E3779B97F4A7C15L;
    /** Systems that wait for their turn to be written, per thread. */
    private static final int AHEAD = 4;

    private final Settings settings;
    private final GeneratorSettings generatorSettings;

    /** @throws IllegalArgumentException if a setting is unusable; the message names it */
    public SurfaceGenerator(Settings settings) {
        this.settings = settings;
        generatorSettings = settings.bind(GeneratorSettings.class);
    }

    @Override
    public List<String> settingKeys() {
        return SETTING_KEYS;
    }

    /** What a split is called and how many samples it has; their seeds do not meet. */
    private record Split(String folder, int samples, long firstStream) {}

    @Override
    public void generate(Path directory, long seed, int threads, Progress progress) throws IOException {
        requireEmpty(directory);
        int train = generatorSettings.genTrainSamples();
        int validation = generatorSettings.genValidationSamples();
        var entries = new TreeMap<String, Manifest.Entry>();
        ExecutorService workers = Executors.newFixedThreadPool(Math.max(1, threads));
        try {
            Progress training = (done, total, unit) -> progress.report(done, (long) train + validation, unit);
            Progress rest = (done, total, unit) -> progress.report(train + done, (long) train + validation, unit);
            write(directory, new Split(GraphFiles.TRAIN, train, 0), seed, threads, workers, entries, training);
            write(
                    directory,
                    new Split(GraphFiles.VALIDATION, validation, 1L << 40),
                    seed,
                    threads,
                    workers,
                    entries,
                    rest);
        } finally {
            workers.shutdownNow();
        }
        new Manifest(properties(seed), entries).write(directory);
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

    private void write(
            Path directory,
            Split split,
            long seed,
            int threads,
            ExecutorService workers,
            SortedMap<String, Manifest.Entry> entries,
            Progress progress)
            throws IOException {
        Files.createDirectories(directory.resolve(split.folder()));
        int files = Math.min(generatorSettings.genFiles(), split.samples());
        var records = new Records(split, seed, threads, workers);
        long done = 0;
        for (int file = 0; file < files; file++) {
            String name = split.folder() + "/" + GraphFiles.name(file);
            long end = (long) split.samples() * (file + 1) / files;
            try (var writer = new RecordFileWriter(directory.resolve(name))) {
                long first = done;
                for (; done < end; done++) {
                    writer.put(Long.toString(done - first), records.next());
                    progress.report(done + 1, split.samples(), "samples");
                }
                writer.put(GraphFiles.LENGTH, Pickles.writeNumber(end - first));
                writer.finish();
            } catch (IOException e) {
                throw new IOException(
                        directory.resolve(name) + " cannot be written (" + e.getMessage()
                                + "): free some space or choose another directory",
                        e);
            }
            entries.put(name, Manifest.entryOf(directory.resolve(name)));
        }
    }

    /** The records of a split in order, while workers make the next ones. */
    private final class Records {
        private final Split split;
        private final long seed;
        private final ExecutorService workers;
        private final int ahead;
        private final Deque<Future<List<byte[]>>> underWay = new ArrayDeque<>();
        private final Deque<byte[]> ready = new ArrayDeque<>();
        private long nextSystem;

        Records(Split split, long seed, int threads, ExecutorService workers) {
            this.split = split;
            this.seed = seed;
            this.workers = workers;
            this.ahead = AHEAD * Math.max(1, threads);
        }

        byte[] next() throws IOException {
            if (ready.isEmpty()) {
                while (underWay.size() < ahead) {
                    long system = nextSystem++;
                    underWay.add(workers.submit(() -> make(system)));
                }
                ready.addAll(await(underWay.remove()));
            }
            return ready.remove();
        }

        private List<byte[]> make(long system) {
            long stream = (seed * STREAM_STRIDE + split.firstStream() + system) * STREAM_STRIDE;
            return new SurfaceSystem(generatorSettings, system, stream)
                    .frames().stream().map(GraphCodec::write).toList();
        }
    }

    private static List<byte[]> await(Future<List<byte[]>> system) throws IOException {
        try {
            return system.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("making a system failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while making systems");
        }
    }

    private SortedMap<String, String> properties(long seed) {
        var properties = new TreeMap<String, String>();
        SETTING_KEYS.forEach(key -> properties.put(key, settings.get(key)));
        properties.put("seed", Long.toString(seed));
        return properties;
    }
}
