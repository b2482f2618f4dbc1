package org.mlhpc.cosmoflow;

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
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Target;
import org.mlhpc.api.Target.Goal;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.cosmoflow.CosmoFlowNet.Regularisation;
import org.mlhpc.cosmoflow.data.SampleFile;
import org.mlhpc.cosmoflow.data.VolumeDataset;
import org.mlhpc.cosmoflow.data.Volumes;
import org.mlhpc.cosmoflow.generate.UniverseGenerator;
import org.mlhpc.torch.MomentumSgd;
import org.mlhpc.torch.TorchTrainer;
import org.mlhpc.torch.data.LoaderOptions;
import org.mlhpc.torch.data.SampleFolder;
import org.mlhpc.torch.data.Shards;

/** The CosmoFlow workload; see the README of this folder. */
public final class CosmoFlow implements Workload<Volumes> {
    /** Enough for an epoch of loading that outlasts the start of its threads. */
    private static final int LEAST_SAMPLES = 8;

    private static final Configurations CONFIGURATIONS = new Configurations(
            CosmoFlow.class, "cosmoflow", List.of("tiny", "small", Configurations.REFERENCE, "v0.7"));

    /** The model, and what else the closed division fixes; facts of the rules, hpc_training_rules.adoc "Training Loop". */
    private static final ClosedDivision CLOSED = new ClosedDivision(
            CONFIGURATIONS.reference(),
            List.of(
                    "sample_size",
                    "conv_layers",
                    "conv_filters",
                    "conv_kernel",
                    "fc1_size",
                    "fc2_size",
                    "sgd_opt_momentum",
                    "target_mae",
                    "apply_log",
                    "shuffle"),
            524_288,
            65_536);

    /** When training ends. */
    record Ending(double targetMae, int maxEpochs) {
        Ending {
            require(targetMae > 0, "target_mae", targetMae, "positive");
            requireAtLeast(1, "max_epochs", maxEpochs);
        }
    }

    @Override
    public String name() {
        return CONFIGURATIONS.workload();
    }

    @Override
    public String summary() {
        return "3-D CNN that estimates four cosmological parameters from the distribution of matter";
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
        settings.bind(Regularisation.class);
        settings.bind(TorchTrainer.Options.class);
        settings.bind(MomentumSgd.Options.class);
        settings.bind(LoaderOptions.class);
        Ending ending = settings.bind(Ending.class);
        return new WorkloadSpec(
                new Target("eval_error", Goal.AT_MOST, ending.targetMae()),
                ending.maxEpochs(),
                settings.bind(Architecture.class).layers(),
                CLOSED.obstacles(settings));
    }

    @Override
    public Map<String, Object> loggedHyperparameters(Settings settings, int ranks) {
        Schedule schedule = settings.bind(Schedule.class);
        Shards.localBatch(schedule.globalBatchSize(), ranks);
        Regularisation regularisation = settings.bind(Regularisation.class);
        var logged = new LinkedHashMap<String, Object>();
        logged.put(Settings.GLOBAL_BATCH_SIZE, schedule.globalBatchSize());
        logged.put("opt_weight_decay", regularisation.optWeightDecay());
        logged.put("dropout", regularisation.dropout());
        logged.put("opt_name", "sgd");
        logged.put("sgd_opt_momentum", settings.bind(MomentumSgd.Options.class).sgdOptMomentum());
        logged.put("opt_base_learning_rate", schedule.peak());
        logged.put("opt_learning_rate_warmup_epochs", schedule.lrWarmupEpochs());
        logged.put("opt_learning_rate_warmup_factor", schedule.batchScaling());
        logged.put("opt_learning_rate_decay_boundary_epochs", schedule.lrDecayBoundaryEpochs());
        logged.put("opt_learning_rate_decay_factor", schedule.loggedDecayFactor());
        return logged;
    }

    @Override
    public Optional<StepWork> stepWork(Settings settings, int ranks) {
        int samples = Shards.localBatch(settings.bind(Schedule.class).globalBatchSize(), ranks);
        return Optional.of(new NetWork(
                        settings.bind(Architecture.class),
                        settings.bind(Regularisation.class),
                        settings.bind(TorchTrainer.Options.class),
                        samples)
                .step());
    }

    @Override
    public OptionalLong sampleBytes(Settings settings) {
        return OptionalLong.of(
                SampleFile.bytes(settings.bind(Architecture.class).sampleSize()));
    }

    @Override
    public Set<String> speedSettings() {
        return TorchTrainer.SPEED_SETTINGS;
    }

    @Override
    public Trainer<Volumes> newTrainer(RunContext run) {
        Settings settings = run.settings();
        var net = new CosmoFlowNet(
                settings.bind(Architecture.class), settings.bind(Regularisation.class), ScalarType.Float, run.seed());
        Schedule schedule = settings.bind(Schedule.class);
        MomentumSgd.Options momentum = settings.bind(MomentumSgd.Options.class);
        return new TorchTrainer<>(
                net, parameters -> new MomentumSgd(parameters, momentum), (epoch, update) -> schedule.rate(epoch), run);
    }

    @Override
    public List<String> unclosed(Settings settings, Path directory) throws IOException {
        return CLOSED.obstacles(
                settings,
                directory.resolve(SampleFolder.TRAIN),
                directory.resolve(SampleFolder.VALIDATION),
                VolumeDataset.FOLDERS::count);
    }

    @Override
    public Dataset<Volumes> openDataset(Path directory, RunContext run) throws IOException {
        return new VolumeDataset(directory, run);
    }

    /** As published: with node-local staging each node holds a part and deals it out to its own ranks. */
    @Override
    public boolean readsNodeShards() {
        return true;
    }

    @Override
    public Dataset<Volumes> openNodeShard(Path directory, RunContext run) throws IOException {
        return VolumeDataset.ofNode(directory, run);
    }

    @Override
    public DataGenerator generator(Settings settings) {
        return new UniverseGenerator(settings);
    }

    @Override
    public Settings withLeastData(Settings settings) {
        int batch = settings.bind(Schedule.class).globalBatchSize();
        return settings.with(Map.of(
                "gen_box_cells", settings.get("sample_size"),
                "gen_train_samples", Integer.toString(Math.max(batch, LEAST_SAMPLES)),
                "gen_validation_samples", "1",
                "train_samples", "0",
                "validation_samples", "0"));
    }
}
