package org.mlhpc.oc20.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.data.GraphCodec;
import org.mlhpc.oc20.data.GraphFiles;
import org.mlhpc.oc20.lmdb.RecordFileWriter;
import org.mlhpc.oc20.pickle.Pickles;
import org.mlhpc.torch.data.FirstFailure;
import org.mlhpc.torch.data.NewDataSet;
import org.mlhpc.torch.data.SampleFolder;

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

    /** Validation systems have seeds of their own, whatever the number of training systems. */
    private static final long FIRST_VALIDATION_SYSTEM = 1L << 40;
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

    @Override
    public void generate(Path directory, long seed, int threads, Progress progress) throws IOException {
        int train = generatorSettings.genTrainSamples();
        int validation = generatorSettings.genValidationSamples();
        var dataSet = new NewDataSet(directory, (long) train + validation, progress);
        ExecutorService workers = Executors.newFixedThreadPool(Math.max(1, threads));
        int ahead = AHEAD * Math.max(1, threads);
        try {
            write(
                    dataSet,
                    SampleFolder.TRAIN,
                    train,
                    new Records(workers, ahead, number -> make(number, seed, number)));
            write(
                    dataSet,
                    SampleFolder.VALIDATION,
                    validation,
                    new Records(workers, ahead, number -> make(number, seed, FIRST_VALIDATION_SYSTEM + number)));
        } finally {
            FirstFailure.end(workers);
        }
        dataSet.finish(settings, SETTING_KEYS, seed);
    }

    /** The graphs of a system. */
    private List<byte[]> make(long number, long seed, long system) {
        long stream = (seed * STREAM_STRIDE + system) * STREAM_STRIDE;
        return new SurfaceSystem(generatorSettings, number, stream)
                .frames().stream().map(GraphCodec::write).toList();
    }

    private void write(NewDataSet dataSet, String split, int samples, Records records) throws IOException {
        int files = Math.min(generatorSettings.genFiles(), samples);
        for (int file = 0; file < files; file++) {
            long count = end(samples, file, files) - end(samples, file - 1, files);
            dataSet.write(split + "/" + GraphFiles.name(file), path -> write(dataSet, path, count, records));
        }
    }

    /** Samples in all files up to {@code file}. */
    private static long end(int samples, int file, int files) {
        return (long) samples * (file + 1) / files;
    }

    private static void write(NewDataSet dataSet, Path file, long count, Records records) throws IOException {
        try (var writer = new RecordFileWriter(file)) {
            for (long key = 0; key < count; key++) {
                writer.put(Long.toString(key), records.next());
                dataSet.sampleMade();
            }
            writer.put(GraphFiles.LENGTH, Pickles.writeNumber(count));
            writer.finish();
        }
    }

    /** The records of a split in order, while workers make those of the next systems. */
    private static final class Records {
        private final ExecutorService workers;
        private final int ahead;
        private final LongFunction<List<byte[]>> system;
        private final Deque<Future<List<byte[]>>> underWay = new ArrayDeque<>();
        private final Deque<byte[]> ready = new ArrayDeque<>();
        private long nextSystem;

        Records(ExecutorService workers, int ahead, LongFunction<List<byte[]>> system) {
            this.workers = workers;
            this.ahead = ahead;
            this.system = system;
        }

        byte[] next() throws IOException {
            if (ready.isEmpty()) {
                while (underWay.size() < ahead) {
                    long number = nextSystem++;
                    underWay.add(workers.submit(() -> system.apply(number)));
                }
                ready.addAll(FirstFailure.result(underWay.remove()));
            }
            return ready.remove();
        }
    }
}
