package org.mlhpc.deepcam.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.deepcam.data.ImageFile;
import org.mlhpc.deepcam.data.Statistics;
import org.mlhpc.torch.data.FirstFailure;
import org.mlhpc.torch.data.NewFolder;

/** Writes learnable synthetic weather in the layout of the published set, several images at once. */
public final class ClimateGenerator implements DataGenerator {
    private static final List<String> SETTING_KEYS = List.of(
            "image_height",
            "image_width",
            "gen_train_samples",
            "gen_validation_samples",
            "gen_cyclones",
            "gen_rivers",
            "gen_storm_scale");

    /** Validation images have numbers of their own, whatever the number of training images. */
    private static final long FIRST_VALIDATION_SAMPLE = 1L << 40;

    private final Settings settings;
    private final GeneratorSettings generatorSettings;

    /** @throws IllegalArgumentException if a setting is unusable; the message names it */
    public ClimateGenerator(Settings settings) {
        this.settings = settings;
        this.generatorSettings = settings.bind(GeneratorSettings.class);
    }

    @Override
    public List<String> settingKeys() {
        return SETTING_KEYS;
    }

    @Override
    public void generate(Path directory, long seed, int threads, Progress progress) throws IOException {
        NewFolder.requireEmpty(directory);
        Files.createDirectories(directory.resolve("train"));
        Files.createDirectories(directory.resolve("validation"));
        var production = new Production(directory, seed, progress);
        ExecutorService workers = Executors.newFixedThreadPool(workers(threads));
        try {
            FirstFailure.runAll(workers, production.tasks());
        } finally {
            FirstFailure.end(workers);
        }
        production.finish();
        new Manifest(properties(seed), production.files).write(directory);
    }

    /** As many at once as fit into half of the heap. */
    private int workers(int threads) {
        long fitting = Runtime.getRuntime().maxMemory() / 2 / generatorSettings.bytesPerImage();
        return (int) Math.max(1, Math.min(threads, fitting));
    }

    private SortedMap<String, String> properties(long seed) {
        var properties = new TreeMap<String, String>();
        SETTING_KEYS.forEach(key -> properties.put(key, settings.get(key)));
        properties.put("seed", Long.toString(seed));
        return properties;
    }

    /** One data set in the making. */
    private final class Production {
        private final Path directory;
        private final long seed;
        private final Progress progress;
        private final SortedMap<String, Manifest.Entry> files = new ConcurrentSkipListMap<>();
        private final Statistics.Collector statistics = new Statistics.Collector();
        private final AtomicInteger done = new AtomicInteger();

        Production(Path directory, long seed, Progress progress) {
            this.directory = directory;
            this.seed = seed;
            this.progress = progress;
        }

        List<Callable<Void>> tasks() {
            var tasks = new ArrayList<Callable<Void>>();
            for (int i = 0; i < generatorSettings.genTrainSamples(); i++) {
                int number = i;
                tasks.add(() -> make("train", number, number));
            }
            for (int i = 0; i < generatorSettings.genValidationSamples(); i++) {
                int number = i;
                tasks.add(() -> make("validation", number, FIRST_VALIDATION_SAMPLE + number));
            }
            return tasks;
        }

        private Void make(String folder, int number, long sample) throws IOException {
            Weather weather = Weather.of(generatorSettings, seed, sample);
            String name = String.format(Locale.ROOT, "%s/data-%06d.h5", folder, number);
            float[] values = weather.fields().interleaved();
            write(
                    name,
                    file -> ImageFile.write(
                            file,
                            values,
                            weather.labels(),
                            generatorSettings.imageHeight(),
                            generatorSettings.imageWidth()));
            if (folder.equals("train")) {
                statistics.add(number, values);
            }
            int total = generatorSettings.genTrainSamples() + generatorSettings.genValidationSamples();
            progress.report(done.incrementAndGet(), total, "samples");
            return null;
        }

        void finish() throws IOException {
            write(Statistics.FILE_NAME, statistics::write);
        }

        private void write(String name, Writer writer) throws IOException {
            Path file = directory.resolve(name);
            try {
                writer.write(file);
                files.put(name, Manifest.entryOf(file));
            } catch (IOException e) {
                throw new IOException(
                        "cannot write " + file + " (" + e.getMessage() + "): free some space or choose"
                                + " another directory",
                        e);
            }
        }
    }

    private interface Writer {
        void write(Path file) throws IOException;
    }
}
