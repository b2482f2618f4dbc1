package org.mlhpc.oc20;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.mlhpc.oc20.ForceTraining.Objective;
import org.mlhpc.oc20.data.GraphBatch;
import org.mlhpc.oc20.data.GraphDataset;
import org.mlhpc.oc20.data.GraphFiles;
import org.mlhpc.oc20.generate.SurfaceGenerator;
import org.mlhpc.torch.Adam;
import org.mlhpc.torch.AdamOptions;
import org.mlhpc.torch.TorchTrainer;
import org.mlhpc.torch.data.LoaderOptions;
import org.mlhpc.torch.data.Shards;

/** The OpenCatalyst workload; see the README of this folder. */
public final class OpenCatalyst implements Workload<GraphBatch> {
    /** Enough for an epoch of loading that outlasts the start of its threads. */
    private static final int LEAST_SAMPLES = 8;

    private static final Configurations CONFIGURATIONS =
            new Configurations(OpenCatalyst.class, "oc20", List.of("tiny", Configurations.REFERENCE));

    /** The model, and what else the closed division fixes; facts of the rules, hpc_training_rules.adoc "Training Loop". */
    private static final ClosedDivision CLOSED = new ClosedDivision(
            CONFIGURATIONS.reference(),
            List.of(
                    "hidden_channels",
                    "out_emb_channels",
                    "num_blocks",
                    "int_emb_size",
                    "basis_emb_size",
                    "num_spherical",
                    "num_radial",
                    "cutoff",
                    "max_neighbors",
                    "envelope_exponent",
                    "num_before_skip",
                    "num_after_skip",
                    "num_output_layers",
                    "angle_gradient",
                    "force_coefficient",
                    "grad_target_std",
                    "opt_betas",
                    "opt_eps",
                    "opt_weight_decay",
                    "target_forces_mae",
                    "shuffle"),
            2_000_000,
            999_866);

    /** When training ends. */
    record Ending(double targetForcesMae, int maxEpochs) {
        Ending {
            require(targetForcesMae > 0, "target_forces_mae", targetForcesMae, "positive");
            requireAtLeast(1, "max_epochs", maxEpochs);
        }
    }

    @Override
    public String name() {
        return CONFIGURATIONS.workload();
    }

    @Override
    public String summary() {
        return "graph network that predicts the forces on a surface with an adsorbate";
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
        settings.bind(Objective.class);
        settings.bind(AdamOptions.class);
        settings.bind(TorchTrainer.Options.class);
        settings.bind(LoaderOptions.class);
        Ending ending = settings.bind(Ending.class);
        return new WorkloadSpec(
                new Target("eval_error", Goal.AT_MOST, ending.targetForcesMae()),
                ending.maxEpochs(),
                new NetLayers(settings.bind(Architecture.class), settings.bind(GraphSize.class)).layers(),
                CLOSED.obstacles(settings));
    }

    @Override
    public Map<String, Object> loggedHyperparameters(Settings settings, int ranks) {
        Schedule schedule = settings.bind(Schedule.class);
        Shards.localBatch(schedule.globalBatchSize(), ranks);
        var logged = new LinkedHashMap<String, Object>();
        logged.put("global_batch_size", schedule.globalBatchSize());
        logged.put("opt_name", "AdamW");
        logged.put("opt_base_learning_rate", schedule.lrInitial());
        logged.put("opt_learning_rate_warmup_steps", schedule.warmupSteps());
        logged.put("opt_learning_rate_warmup_factor", schedule.warmupFactor());
        logged.put("opt_learning_rate_decay_boundary_steps", schedule.lrMilestones());
        logged.put("opt_learning_rate_decay_factor", schedule.lrGamma());
        return logged;
    }

    @Override
    public Optional<StepWork> stepWork(Settings settings, int ranks) {
        int samples = Shards.localBatch(settings.bind(Schedule.class).globalBatchSize(), ranks);
        return Optional.of(new NetWork(
                        settings.bind(Architecture.class),
                        settings.bind(GraphSize.class),
                        settings.bind(AdamOptions.class),
                        settings.bind(TorchTrainer.Options.class),
                        samples)
                .step());
    }

    @Override
    public Set<String> speedSettings() {
        return TorchTrainer.SPEED_SETTINGS;
    }

    @Override
    public Trainer<GraphBatch> newTrainer(RunContext run) {
        Settings settings = run.settings();
        var net = new DimeNet(settings.bind(Architecture.class), ScalarType.Float, run.seed());
        Schedule schedule = settings.bind(Schedule.class);
        AdamOptions adam = settings.bind(AdamOptions.class);
        return new TorchTrainer<>(
                new ForceTraining(net, settings.bind(Objective.class), run.world()),
                parameters -> Adam.adamW(parameters, adam),
                (epoch, update) -> schedule.rate(update),
                run);
    }

    @Override
    public List<String> unclosed(Settings settings, Path directory) throws IOException {
        return CLOSED.obstacles(
                settings, GraphFiles.training(directory), GraphFiles.validation(directory), GraphFiles::count);
    }

    @Override
    public Dataset<GraphBatch> openDataset(Path directory, RunContext run) throws IOException {
        return new GraphDataset(directory, run);
    }

    @Override
    public DataGenerator generator(Settings settings) {
        return new SurfaceGenerator(settings);
    }

    @Override
    public Settings withLeastData(Settings settings) {
        int batch = settings.bind(Schedule.class).globalBatchSize();
        return settings.with(Map.of(
                "gen_train_samples", Integer.toString(Math.max(batch, LEAST_SAMPLES)),
                "gen_validation_samples", "1",
                "gen_files", "1",
                "train_samples", "0",
                "validation_samples", "0"));
    }
}
