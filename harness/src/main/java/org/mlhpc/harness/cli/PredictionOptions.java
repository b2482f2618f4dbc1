package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.projection.Assumptions;
import org.mlhpc.harness.projection.Projector;
import org.mlhpc.harness.projection.Scale;
import org.mlhpc.roofline.ceilings.MachineFile;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.FitFile;
import org.mlhpc.roofline.predict.FittedRuns;
import org.mlhpc.roofline.predict.MeasuredCluster;
import org.mlhpc.roofline.predict.Predictor;
import org.mlhpc.roofline.predict.Projection;
import org.mlhpc.roofline.predict.WhatIf;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to predict from which fit, and for which machine. */
final class PredictionOptions {
    @Option(
            names = "--fit",
            paramLabel = "FILE",
            description = "From ./mlhpc roofline fit; default: ${DEFAULT-VALUE}.",
            defaultValue = "fit.json")
    private Path fit = Path.of("");

    @Option(
            names = "--machine",
            paramLabel = "FILE",
            description = "Ceilings of each node, from ./mlhpc roofline measure; default: the machine of the fit.")
    private @Nullable Path machine;

    @Option(
            names = "--nodes",
            paramLabel = "LIST",
            converter = Counts.Reader.class,
            description = "Such as 1,2,8 or 1..4096 (powers of two); default: ${DEFAULT-VALUE}.",
            defaultValue = "1..64")
    private Counts nodes = new Counts(List.of());

    @Option(
            names = "--ranks-per-node",
            paramLabel = "N",
            description = "Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int ranksPerNode;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Compute threads of each rank; default: the physical cores of a node divided by its"
                    + " ranks; its logical processors where there are more ranks than cores.")
    private @Nullable Integer threads;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Samples per step over all ranks; default: as many per rank as --batch-per-rank says.")
    private @Nullable Long batch;

    @Option(
            names = "--batch-per-rank",
            paramLabel = "N",
            description = "Samples per step of each rank; default: the largest of the fitted runs.")
    private @Nullable Integer batchPerRank;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change a setting of the workload, such as sample_size; may be repeated.")
    private Map<String, String> changes = new HashMap<>();

    @Option(
            names = "--what-if",
            paramLabel = "PART=FACTOR",
            split = ",",
            description = "Change the machine: factors of compute, memory, storage, shared, network, latency,"
                    + " memory-capacity, local-capacity, such as network=2,memory-capacity=0.5. far-share (0 to 1) is the share of"
                    + " memory traffic that goes to a slower tier, whose bandwidth and latency far-memory and far-latency"
                    + " give as factors: far-share=0.3,far-memory=0.25,far-latency=2.")
    private Map<String, Double> whatIf = new HashMap<>();

    @Option(names = "--precision", paramLabel = "NAME", description = "fp32 or bf16; default: that of the fitted runs.")
    private @Nullable String precision;

    @Option(
            names = "--samples-to-converge",
            paramLabel = "N",
            description =
                    "Training samples, of all epochs together, until the target is reached, whatever the batch size;"
                            + " default: what the fitted runs that reached it tell.")
    private @Nullable Long samplesToConverge;

    @Mixin
    private PredictedData data = new PredictedData();

    /**
     * One scale with these settings.
     *
     * @param samples per step over all ranks
     * @param threads of each rank; empty for the default of --threads
     * @param settings by key
     */
    static PredictionOptions of(
            Path fit,
            Optional<Path> machine,
            int nodes,
            int ranksPerNode,
            long samples,
            OptionalInt threads,
            Map<String, String> settings) {
        var options = new PredictionOptions();
        options.fit = fit;
        options.machine = machine.orElse(null);
        options.nodes = new Counts(List.of(nodes));
        options.ranksPerNode = ranksPerNode;
        options.batch = samples;
        options.threads = threads.isPresent() ? threads.getAsInt() : null;
        options.changes = settings;
        options.precision = settings.get(Settings.PRECISION);
        return options;
    }

    /**
     * What was predicted, and from what.
     *
     * @param settings of the predicted runs, batch size apart
     * @param precision of their arithmetic
     * @param cpu of the predicted machine; empty if it was changed by --what-if, so that no run can have taken place on it
     * @param scales in the order of --nodes
     */
    record Predictions(
            FittedRuns runs,
            Settings settings,
            String precision,
            Optional<String> cpu,
            Cluster cluster,
            ConvergenceSource convergence,
            List<Scale> scales) {
        List<Projection> projections() {
            return scales.stream().flatMap(scale -> scale.projection().stream()).toList();
        }
    }

    /** @throws IOException if fit or machine cannot be read */
    Predictions predict() throws IOException {
        requirePositive("--ranks-per-node", ranksPerNode);
        requirePositive("--threads", threads == null ? 1 : threads);
        requirePositive("--batch", batch == null ? 1 : (double) batch);
        requirePositive("--batch-per-rank", batchPerRank == null ? 1 : batchPerRank);
        requirePositive("--samples-to-converge", samplesToConverge == null ? 1 : (double) samplesToConverge);
        FittedRuns fitted = FitFile.read(fit);
        Workload<?> workload = Workloads.named(fitted.workload());
        MeasuredMachine measured = machine == null ? fitted.machine() : MachineFile.read(machine);
        String used = precision == null ? fitted.precision() : precision;
        Cluster cluster = changed().applyTo(MeasuredCluster.of(measured, used, data.further()));
        Settings settings = settings(workload, fitted);
        var assumptions = new Assumptions(fitted, workload, settings);
        FittedRuns runs = fitted.with(data.applyTo(assumptions.scaled(fitted.data())));
        ConvergenceSource convergence =
                samplesToConverge == null ? ConvergenceSource.of(runs) : ConvergenceSource.given(samplesToConverge);
        List<String> remarks = new ArrayList<>(assumptions.inWords(measured, convergence.isOfRuns(), runs.data()));
        remarks.addAll(convergence.remarks());
        var predictor = new Predictor(runs, cluster, convergence.law(), data.staging(), remarks);
        List<Scale> scales = Scale.predict(predictor, new Projector(workload, settings), wanted(fitted, measured));
        Optional<String> cpu = whatIf.isEmpty() ? Optional.of(measured.cpu()) : Optional.empty();
        return new Predictions(runs, settings, used, cpu, cluster, convergence, scales);
    }

    private Settings settings(Workload<?> workload, FittedRuns runs) {
        Settings settings =
                workload.settings(runs.configuration()).with(runs.settings()).with(changes);
        return precision == null ? settings : settings.with(Settings.PRECISION, precision);
    }

    private List<Scale.Wanted> wanted(FittedRuns fitted, MeasuredMachine measured) {
        int perRank = threads == null ? coresOfARank(measured) : threads;
        long samples = batch == null ? batchPerRank(fitted) : batch;
        return nodes.values().stream()
                .map(count -> new Scale.Wanted(count, ranksPerNode, perRank, samples, batch == null))
                .toList();
    }

    private long batchPerRank(FittedRuns fitted) {
        return batchPerRank == null ? Math.round(fitted.range().localBatch().most()) : batchPerRank;
    }

    static void requirePositive(String option, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "%s %.4g must be above 0", option, value));
        }
    }

    private WhatIf changed() {
        var factors = new HashMap<WhatIf.Part, Double>();
        whatIf.forEach((word, factor) -> factors.put(WhatIf.Part.of(word), factor));
        return new WhatIf(factors);
    }

    /** As the launcher divides them for a run: physical cores, unless there are more ranks than these. */
    private int coresOfARank(MeasuredMachine measured) {
        int physical = measured.physicalCores().orElse(measured.cores());
        int units = physical >= ranksPerNode ? physical : measured.cores();
        return Math.max(1, units / ranksPerNode);
    }
}
