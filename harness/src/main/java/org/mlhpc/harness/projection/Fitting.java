package org.mlhpc.harness.projection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.mlhpc.api.Workload;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.CrossValidation;
import org.mlhpc.roofline.fit.Observation;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.DataSet;
import org.mlhpc.roofline.predict.FittedRuns;
import org.mlhpc.roofline.predict.MeasuredCluster;
import org.mlhpc.roofline.predict.Span;

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
        List<Observation> observations = observations(runs, cluster, loading);
        RooflineFit fit = RooflineFit.of(observations, options);
        CrossValidation settings = heldOut(runs, cluster, ProfiledRun::setting);
        fit = fit.doubting(
                new RunDoubts(runs).all(observations, settings, fit.model().serial(), cluster.cores()));
        RunRecord record = largest.record();
        var converged = new ConvergedRuns(
                workload, record, runs.stream().map(ProfiledRun::record).toList());
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
                settings,
                heldOut(runs, cluster, run -> List.of(run.layout())),
                runs.stream().map(ProfiledRun::layout).distinct().toList(),
                range(runs, observations),
                new EvaluationTimes(fit.model(), cluster, loading).factor(runs),
                loading.of(largest),
                converged.points(),
                converged.otherwise());
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
        // More threads than the run's own processors are somebody's intention; nothing more can be measured.
        int busy =
                Math.min(run.layout().threadsPerNode(), run.record().machine().coresPerNode());
        if (busy > machine.cores()) {
            throw new IllegalArgumentException(
                    run.file() + " kept " + busy + " processors of a node busy, but the ceilings are" + " of "
                            + machine.cores() + ": measure again with all processors, by ./mlhpc roofline measure");
        }
    }

    private static List<Observation> observations(List<ProfiledRun> runs, Cluster cluster, LoadingTimes loading) {
        return runs.stream()
                .map(run -> run.observation(cluster, loading.ofStep(run)))
                .toList();
    }

    /** Runs of equal {@code group} are held out together, and tell nothing of loading either. */
    private CrossValidation heldOut(List<ProfiledRun> runs, Cluster cluster, Function<ProfiledRun, List<?>> group) {
        List<List<?>> groups = new ArrayList<>();
        runs.forEach(run -> groups.add(group.apply(run)));
        return CrossValidation.leaveGroupsOut(
                groups,
                known -> observations(
                        runs,
                        cluster,
                        new LoadingTimes(known.stream().map(runs::get).toList())),
                options.seed());
    }

    private static FittedRuns.Range range(List<ProfiledRun> runs, List<Observation> observations) {
        Map<Resource, Span> seconds = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            List<Double> times = observations.stream()
                    .map(observation -> observation.ideal().getOrDefault(resource, 0.0))
                    .toList();
            if (Collections.max(times) > 0) {
                seconds.put(resource, Span.of(times));
            }
        }
        return new FittedRuns.Range(
                span(runs, run -> run.layout().nodes()),
                span(runs, run -> run.layout().ranks()),
                span(runs, run -> run.layout().threadsPerNode()),
                span(runs, ProfiledRun::localBatch),
                span(runs, ProfiledRun::flopPerNode),
                seconds);
    }

    private static Span span(List<ProfiledRun> runs, ToDoubleFunction<ProfiledRun> number) {
        return Span.of(runs.stream().mapToDouble(number).boxed().toList());
    }
}
