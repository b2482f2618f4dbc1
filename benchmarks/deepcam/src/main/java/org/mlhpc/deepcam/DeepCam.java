package org.mlhpc.deepcam;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.ClosedDivision;
import org.mlhpc.api.Configurations;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Logging;
import org.mlhpc.api.OperatorWork.Pass;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Target;
import org.mlhpc.api.Target.Goal;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.deepcam.data.ImageDataset;
import org.mlhpc.deepcam.data.Images;
import org.mlhpc.deepcam.generate.ClimateGenerator;
import org.mlhpc.deepcam.model.Architecture;
import org.mlhpc.deepcam.model.Costs;
import org.mlhpc.deepcam.model.DeepCamNet;
import org.mlhpc.torch.AdamOptions;
import org.mlhpc.torch.TorchTrainer;
import org.mlhpc.torch.data.LoaderOptions;
import org.mlhpc.torch.data.SampleFolder;

/** The DeepCAM workload; see the README of this folder. */
public final class DeepCam implements Workload<Images> {
    private static final Configurations CONFIGURATIONS =
            new Configurations(DeepCam.class, "deepcam", List.of("tiny", Configurations.REFERENCE));

    /** The model, and what else the closed division fixes; facts of the rules. */
    private static final ClosedDivision CLOSED = new ClosedDivision(
            CONFIGURATIONS.reference(),
            List.of(
                    "image_height",
                    "image_width",
                    "width_divisor",
                    "middle_blocks",
                    "opt_eps",
                    "target_iou",
                    "shuffle"),
            121_266,
            15_158);

    /** When training ends. */
    record Ending(double targetIou, int maxEpochs) {
        Ending {
            require(targetIou > 0 && targetIou <= 1, "target_iou", targetIou, "in (0, 1]");
            requireAtLeast(1, "max_epochs", maxEpochs);
        }
    }

    /** Training steps from one that is logged to the next; 0 for the last of each epoch alone. */
    record StepsLogged(int loggingFrequency) {
        StepsLogged {
            requireAtLeast(0, "logging_frequency", loggingFrequency);
        }
    }

    @Override
    public String name() {
        return CONFIGURATIONS.workload();
    }

    @Override
    public String summary() {
        return "2-D CNN that finds tropical cyclones and atmospheric rivers in climate simulations";
    }

    @Override
    public List<String> configurations() {
        return CONFIGURATIONS.names();
    }

    @Override
    public Settings settings(String configuration) {
        return CONFIGURATIONS.settings(configuration);
    }

    @Override
    public WorkloadSpec spec(Settings settings) {
        // Binding checks the values; a wrong one should be found before anything is built.
        settings.bind(Schedule.class);
        settings.bind(Batching.class);
        settings.bind(AdamOptions.class);
        settings.bind(OptimizerChoice.class);
        settings.bind(TorchTrainer.Options.class);
        settings.bind(LoaderOptions.class);
        settings.bind(StepsLogged.class);
        Ending ending = settings.bind(Ending.class);
        return new WorkloadSpec(
                new Target("eval_accuracy", Goal.AT_LEAST, ending.targetIou()),
                ending.maxEpochs(),
                Costs.layers(settings.bind(Architecture.class)),
                CLOSED.obstacles(settings));
    }

    @Override
    public Map<String, Object> loggedHyperparameters(Settings settings, int ranks) {
        Batching batching = settings.bind(Batching.class);
        batching.localBatch(ranks);
        Schedule schedule = settings.bind(Schedule.class);
        var logged = new LinkedHashMap<String, Object>();
        logged.put("global_batch_size", batching.globalBatchSize());
        logged.put("batchnorm_group_size", batching.batchnormGroupSize());
        logged.put("gradient_accumulation_frequency", batching.gradientAccumulationFrequency());
        logged.putAll(settings.bind(OptimizerChoice.class).logged(settings.bind(AdamOptions.class)));
        logged.put("opt_lr", schedule.optLr());
        logged.putAll(schedule.logged());
        return logged;
    }

    @Override
    public Optional<Logging> logging(Settings settings) {
        return Optional.of(new Logging(settings.bind(StepsLogged.class).loggingFrequency(), "target_accuracy_reached"));
    }

    @Override
    public Optional<StepWork> stepWork(Settings settings, int ranks) {
        Batching batching = settings.bind(Batching.class);
        AdamOptions options = settings.bind(AdamOptions.class);
        Architecture architecture = settings.bind(Architecture.class);
        long parameters = spec(settings).parameters();
        Pass update = settings.bind(OptimizerChoice.class).optName().work(parameters, options.optWeightDecay() > 0);
        return Optional.of(Costs.step(
                architecture,
                settings.bind(TorchTrainer.Options.class),
                new Costs.Step(
                        batching.localBatch(ranks),
                        batching.batchnormGroupSize(),
                        batching.gradientAccumulationFrequency()),
                update));
    }

    /** Channels in float32 and labels in int32. */
    @Override
    public OptionalLong sampleBytes(Settings settings) {
        Architecture image = settings.bind(Architecture.class);
        return OptionalLong.of(Float.BYTES * (Architecture.CHANNELS + 1L) * image.imageHeight() * image.imageWidth());
    }

    @Override
    public Set<String> speedSettings() {
        return TorchTrainer.SPEED_SETTINGS;
    }

    @Override
    public Trainer<Images> newTrainer(RunContext run) {
        Settings settings = run.settings();
        Batching batching = settings.bind(Batching.class);
        AdamOptions options = settings.bind(AdamOptions.class);
        OptimizerChoice.Name optimizer = settings.bind(OptimizerChoice.class).optName();
        Schedule schedule = settings.bind(Schedule.class);
        var net = new DeepCamNet(
                settings.bind(Architecture.class),
                run.world().group(batching.batchnormGroupSize()),
                run.clock(),
                ScalarType.Float,
                run.seed());
        return new TorchTrainer<>(
                net,
                parameters -> optimizer.build(parameters, options),
                (epoch, update) -> schedule.rate(update),
                batching.gradientAccumulationFrequency(),
                run);
    }

    @Override
    public List<String> unclosed(Settings settings, Path directory) throws IOException {
        return CLOSED.obstacles(
                settings,
                directory.resolve(SampleFolder.TRAIN),
                directory.resolve(SampleFolder.VALIDATION),
                ImageDataset.FOLDERS::count);
    }

    @Override
    public Dataset<Images> openDataset(Path directory, RunContext run) throws IOException {
        int localBatch =
                run.settings().bind(Batching.class).localBatch(run.world().size());
        return new ImageDataset(directory, localBatch, run);
    }

    @Override
    public DataGenerator generator(Settings settings) {
        return new ClimateGenerator(settings);
    }

    @Override
    public Settings withLeastData(Settings settings) {
        int batch = settings.bind(Batching.class).globalBatchSize();
        return settings.with(Map.of(
                "gen_train_samples", Integer.toString(batch),
                "gen_validation_samples", "1",
                "train_samples", "0",
                "validation_samples", "0"));
    }
}
