package org.mlhpc.cosmoflow.generate;

import static org.bytedeco.pytorch.global.torch.get_num_threads;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Settings;
import org.mlhpc.torch.data.NewDataSet;

/**
 * Writes learnable synthetic universes in the layout of the published set.
 *
 * <p>Memory: {@link GeneratorSettings#bytesPerUniverse} for each universe under way, 7.5 GB for the reference (512^3
 * cells and particles). Universes are made side by side while that fits into half of the memory that is free at the
 * start; the result does not depend on how many.
 */
public final class UniverseGenerator implements DataGenerator {
    private static final List<String> SETTING_KEYS = List.of(
            "sample_size",
            "gen_train_samples",
            "gen_validation_samples",
            "gen_box_cells",
            "gen_cell_size",
            "gen_particles_per_cell",
            "gen_vary",
            "gen_spread",
            "gen_redshifts",
            "gen_compression");

    private final Settings settings;
    private final GeneratorSettings generatorSettings;

    /** @throws IllegalArgumentException if a setting is unusable; the message names it */
    public UniverseGenerator(Settings settings) {
        this.settings = settings;
        generatorSettings = settings.bind(GeneratorSettings.class);
    }

    @Override
    public List<String> settingKeys() {
        return SETTING_KEYS;
    }

    @Override
    public void generate(Path directory, long seed, int threads, Progress progress) throws IOException {
        List<Universe> universes = Universe.plan(generatorSettings, seed);
        int samples = universes.stream().mapToInt(Universe::samples).sum();
        var dataSet = new NewDataSet(directory, samples, progress);
        int workers = workers(threads, universes.size());
        int threadsBefore = get_num_threads();
        // Threads started from here on inherit it, the workers among them.
        set_num_threads(Math.max(1, threads / workers));
        try (var production = new Production(generatorSettings, dataSet, universes, workers, threads)) {
            production.complete();
            dataSet.finish(settings, SETTING_KEYS, seed);
        } finally {
            set_num_threads(threadsBefore);
        }
    }

    private int workers(int threads, int universes) {
        long fitting = Pointer.availablePhysicalBytes() / 2 / generatorSettings.bytesPerUniverse();
        return (int) Math.max(1, Math.min(fitting, Math.min(threads, universes)));
    }
}
