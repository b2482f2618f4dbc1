package org.mlhpc.harness.projection;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.CrossValidation;
import org.mlhpc.roofline.fit.Observation;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.Convergence;
import org.mlhpc.roofline.predict.DataSet;
import org.mlhpc.roofline.predict.FittedRuns;
import org.mlhpc.roofline.predict.MeasuredCluster;

/** Fits a roofline to profiled runs of one workload. */
public final class Fitting {
    private final MeasuredMachine machine;
    private final RooflineFit.Options options;
    private final Workload<?> workload;

    /** @param workload of the runs */
    public Fitting(Workload<?> workload, MeasuredMachine machine, RooflineFit.Options options) {
        this.workload = workload;
        this.machine = machine;
        this.options = options;
    }

    /**
     * Fits {@code read}. They may differ in everything but workload and precision.
     *
     * @throws IllegalArgumentException if they do, or are too few; the message names run and fix
     */
    public FittedRuns fit(List<ProfiledRun> read) {
        List<ProfiledRun> runs = RunLabels.label(read);
        ProfiledRun largest = runs.stream()
                .max(Comparator.comparingDouble(run -> run.record().model().trainFlopPerSample()
                        * run.profile().samplesPerStep()))
                .orElseThrow(() -> new IllegalArgumentException("no run to fit"));
        runs.forEach(run -> requireSame(run, largest));
        runs.forEach(this::requireMachine);
        String precision = largest.profile().precision();
        Cluster cluster =
                MeasuredCluster.of(machine, precision, new MeasuredCluster.Further(Optional.empty(), Optional.empty()));
        var loading = new LoadingTimes(runs);
        List<Observation> observations = runs.stream()
                .map(run -> run.observation(cluster, loading.ofStep(run)))
                .toList();
        RooflineFit fit = RooflineFit.of(observations, options).warning(disturbed(runs));
        RunRecord record = largest.record();
        return new FittedRuns(
                FittedRuns.FORMAT,
                record.workload(),
                record.configuration(),
                record.settings(),
                precision,
                new DataSet(
                        largest.trainSamples(),
                        largest.evalSamples(),
                        largest.bytesPerSample().orElse(0.0)),
                machine,
                fit,
                CrossValidation.leaveOneOut(observations, options.seed()).heldOut(),
                range(runs),
                new EvaluationTimes(fit.model(), cluster, loading).factor(runs),
                loading.of(largest),
                runs.stream()
                        .map(ProfiledRun::record)
                        .filter(Fitting::reachedTarget)
                        .filter(run -> sameTask(run, record))
                        .map(Fitting::converged)
                        .toList());
    }

    private static void requireSame(ProfiledRun run, ProfiledRun other) {
        boolean same = run.record().workload().equals(other.record().workload())
                && run.profile().precision().equals(other.profile().precision());
        if (!same) {
            throw new IllegalArgumentException(
                    run.file() + " and " + other.file() + " differ in workload or precision; fit them apart");
        }
    }

    /** Ceilings of another processor would give efficiencies that mean nothing. */
    private void requireMachine(ProfiledRun run) {
        String cpu = run.record().machine().cpu();
        if (!cpu.isEmpty() && !machine.cpu().isEmpty() && !cpu.equals(machine.cpu())) {
            throw new IllegalArgumentException(run.file() + " ran on " + cpu + ", but the ceilings are of "
                    + machine.cpu() + ": measure there with ./mlhpc roofline measure");
        }
    }

    /** A fit believes every run, also those beside which others computed. */
    private static List<String> disturbed(List<ProfiledRun> runs) {
        List<String> uneven = runs.stream()
                .filter(ProfiledRun::isUneven)
                .map(ProfiledRun::label)
                .toList();
        return uneven.isEmpty()
                ? List.of()
                : List.of("steps of uneven length, as beside other work, in " + uneven.size() + " of " + runs.size()
                        + " runs; repeat them on a quiet machine: " + String.join("; ", uneven));
    }

    /** Whether samples to convergence of both follow one curve: everything the same but the size of batches. */
    private boolean sameTask(RunRecord run, RunRecord other) {
        return run.model().equals(other.model())
                && run.target().equals(other.target())
                && whatIsLearned(run.settings()).equals(whatIsLearned(other.settings()));
    }

    private Map<String, String> whatIsLearned(Map<String, String> settings) {
        var rest = new HashMap<>(settings);
        rest.keySet().removeAll(workload.speedSettings());
        rest.remove(Settings.GLOBAL_BATCH_SIZE);
        return rest;
    }

    private static boolean reachedTarget(RunRecord run) {
        return run.status().equals("success");
    }

    private static Convergence.Point converged(RunRecord run) {
        double samples =
                run.epochs().stream().mapToLong(RunRecord.Epoch::trainSamples).sum();
        long batch = run.profile().orElseThrow().samplesPerStep();
        return new Convergence.Point(batch, samples);
    }

    private static FittedRuns.Range range(List<ProfiledRun> runs) {
        var ranks = runs.stream().mapToInt(run -> run.layout().ranks()).summaryStatistics();
        var threads =
                runs.stream().mapToInt(run -> run.layout().threadsPerNode()).summaryStatistics();
        var flop = runs.stream().mapToDouble(ProfiledRun::flopPerNode).summaryStatistics();
        var batches = runs.stream().mapToDouble(ProfiledRun::localBatch).summaryStatistics();
        return new FittedRuns.Range(
                ranks.getMin(),
                ranks.getMax(),
                threads.getMin(),
                threads.getMax(),
                batches.getMin(),
                batches.getMax(),
                flop.getMin(),
                flop.getMax());
    }
}
