package org.mlhpc.deepcam.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.deepcam.data.ImageFile;
import org.mlhpc.deepcam.data.Statistics;
import org.mlhpc.torch.data.FirstFailure;
import org.mlhpc.torch.data.NewDataSet;
import org.mlhpc.torch.data.SampleFolder;

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
        List<Image> images = images();
        var dataSet = new NewDataSet(directory, images.size(), progress);
        var statistics = new Statistics.Collector();
        var tasks = new ArrayList<Callable<Void>>();
        for (Image image : images) {
            tasks.add(() -> make(image, seed, dataSet, statistics));
        }
        ExecutorService workers = Executors.newFixedThreadPool(workers(threads));
        try {
            FirstFailure.runAll(workers, tasks);
        } finally {
            FirstFailure.end(workers);
        }
        dataSet.write(Statistics.FILE_NAME, statistics::write);
        dataSet.finish(settings, SETTING_KEYS, seed);
    }

    /** As many at once as fit into half of the heap. */
    private int workers(int threads) {
        long fitting = Runtime.getRuntime().maxMemory() / 2 / generatorSettings.bytesPerImage();
        return (int) Math.max(1, Math.min(threads, fitting));
    }

    /**
     * An image to make.
     *
     * @param number within its folder
     * @param sample what it is drawn from, beside the seed
     */
    private record Image(String folder, int number, long sample) {
        boolean trains() {
            return folder.equals(SampleFolder.TRAIN);
        }
    }

    private List<Image> images() {
        var images = new ArrayList<Image>();
        for (int i = 0; i < generatorSettings.genTrainSamples(); i++) {
            images.add(new Image(SampleFolder.TRAIN, i, i));
        }
        for (int i = 0; i < generatorSettings.genValidationSamples(); i++) {
            images.add(new Image(SampleFolder.VALIDATION, i, FIRST_VALIDATION_SAMPLE + i));
        }
        return images;
    }

    private Void make(Image image, long seed, NewDataSet dataSet, Statistics.Collector statistics) throws IOException {
        Weather weather = Weather.of(generatorSettings, seed, image.sample());
        float[] values = weather.fields().interleaved();
        dataSet.write(
                ImageFile.generated(image.folder(), image.number()),
                file -> ImageFile.write(
                        file,
                        values,
                        weather.labels(),
                        generatorSettings.imageHeight(),
                        generatorSettings.imageWidth()));
        if (image.trains()) {
            statistics.add(image.number(), values);
        }
        dataSet.sampleMade();
        return null;
    }
}
