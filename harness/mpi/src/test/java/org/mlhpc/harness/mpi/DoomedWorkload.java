package org.mlhpc.harness.mpi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.mlhpc.api.Batch;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Progress;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;

/** CosmoFlow, with {@link Doom} at work in it. */
public final class DoomedWorkload implements Workload<Batch> {
    static final String NAME = "doomed";
    /** Relative to the working directory of the job. */
    static final String STAGE = "staged";
    /** As well. With a space, because users have them. */
    static final String OUT = "my out";

    private final Doom doom = Doom.ofThisProcess();

    @SuppressWarnings({"unchecked", "rawtypes"}) // whatever its batches are, they only pass through
    private static Workload<Batch> real() {
        return (Workload<Batch>) ServiceLoader.load(Workload.class).stream()
                .filter(provider -> provider.type() != DoomedWorkload.class)
                .findFirst()
                .orElseThrow()
                .get();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "dies";
    }

    @Override
    public List<String> configurations() {
        return real().configurations();
    }

    @Override
    public Settings settings(String configuration) {
        return real().settings(configuration);
    }

    @Override
    public WorkloadSpec spec(Settings settings) {
        return real().spec(settings);
    }

    @Override
    public Map<String, Object> loggedHyperparameters(Settings settings, int ranks) {
        return real().loggedHyperparameters(settings, ranks);
    }

    @Override
    public Trainer<Batch> newTrainer(RunContext run) {
        return new DoomedTrainer(real().newTrainer(run), doom);
    }

    @Override
    public Dataset<Batch> openDataset(Path directory, RunContext run) throws IOException {
        return real().openDataset(directory, run);
    }

    @Override
    public DataGenerator generator(Settings settings) {
        doom.strikeAtTheFirstFileIn(Path.of(STAGE, "train"));
        DataGenerator generator = real().generator(settings);
        return new DataGenerator() {
            @Override
            public List<String> settingKeys() {
                return generator.settingKeys();
            }

            @Override
            public void generate(Path directory, long seed, int threads, Progress progress) throws IOException {
                generator.generate(directory, seed, threads, (done, total, unit) -> {
                    doom.strike(Doom.Moment.GENERATION);
                    progress.report(done, total, unit);
                });
            }
        };
    }

    @Override
    public Settings withLeastData(Settings settings) {
        return real().withLeastData(settings);
    }
}
