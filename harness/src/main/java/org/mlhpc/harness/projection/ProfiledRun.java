package org.mlhpc.harness.projection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Workload;
import org.mlhpc.results.LoaderWork;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.RunResultReader;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.fit.Observation;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.Layout;
import org.mlhpc.roofline.predict.StepDemand;

/**
 * The record of a run with its profile.
 *
 * @param trainSamples of the whole training set, by the run's log
 * @param evalSamples of the validation set
 * @param allReduces of a step; none with one rank
 * @param label what it is called in tables and charts
 */
public record ProfiledRun(
        Path file,
        RunRecord record,
        Profile profile,
        long trainSamples,
        long evalSamples,
        List<AllReduce> allReduces,
        String label) {
    /** Mean by median step from which on a run counts as disturbed. */
    private static final double UNEVEN = 1.2;

    /**
     * Reads a run.
     *
     * @param workloads by name
     * @throws IOException if the file cannot be read or its run was not profiled; the message names the fix
     */
    public static ProfiledRun read(Path file, Function<String, Workload<?>> workloads) throws IOException {
        RunRecord record = RunRecordFile.read(file);
        Profile profile = record.profile()
                .orElseThrow(() -> new IOException(
                        file + " has no profile: repeat the run with --profile, or leave the file out"));
        if (profile.layers().isEmpty()) {
            throw new IOException(file + " has no account of FLOP and bytes: its workload " + record.workload()
                    + " does not tell them");
        }
        Path log = file.resolveSibling("result_" + record.index() + ".txt");
        RunResult logged = RunResultReader.read(log);
        if (logged.trainSamples().isEmpty() || logged.evalSamples().isEmpty()) {
            throw new IOException(log + " does not say train_samples and eval_samples: is it the log of " + file + "?");
        }
        return new ProfiledRun(
                file,
                record,
                profile,
                logged.trainSamples().getAsLong(),
                logged.evalSamples().getAsLong(),
                record.machine().ranks() == 1
                        ? List.of()
                        : reductions(record, profile, workloads.apply(record.workload())),
                file.toString());
    }

    /** The same run by another name. */
    ProfiledRun labelled(String name) {
        return new ProfiledRun(file, record, profile, trainSamples, evalSamples, allReduces, name);
    }

    /** By the workload's account; the payload of a step at once, if that does not tell. */
    private static List<AllReduce> reductions(RunRecord record, Profile profile, Workload<?> workload) {
        Settings settings = workload.settings(record.configuration()).with(record.settings());
        int ranks = record.machine().ranks();
        List<AllReduce> told =
                workload.stepWork(settings, ranks).map(StepWork::allReduces).orElse(List.of());
        return told.isEmpty()
                ? payload(profile).stream()
                        .map(bytes -> AllReduce.ofAll(Math.round(bytes / ranks)))
                        .toList()
                : told;
    }

    private static Optional<Double> payload(Profile profile) {
        return Optional.of(profile.stepBytes(Channel.NETWORK)).filter(bytes -> bytes > 0);
    }

    /** @throws IllegalArgumentException if its ranks are not spread evenly */
    public Layout layout() {
        RunRecord.Machine machine = record.machine();
        if (machine.ranks() % machine.nodes() != 0) {
            throw new IllegalArgumentException(file + " had " + machine.ranks() + " ranks on " + machine.nodes()
                    + " nodes: leave it out, the fit is for nodes that do the same");
        }
        return new Layout(machine.nodes(), machine.ranks() / machine.nodes(), machine.threadsPerRank());
    }

    /** Samples per step of one rank. */
    public double localBatch() {
        return (double) profile.samplesPerStep() / layout().ranks();
    }

    /**
     * Its mean step time beside what {@code cluster}, the machine that it ran on, would allow.
     *
     * @param loading of a step on each node; empty if it is not known
     */
    public Observation observation(Cluster cluster, Optional<StepDemand.Loading> loading) {
        var demand = new StepDemand(
                flopPerNode(),
                profile.stepBytes(Channel.MEMORY) / layout().nodes(),
                storagePerNode(),
                allReduces,
                loading);
        return new Observation(label(), limited(cluster).ideal(demand, layout()), profile.meanStepSeconds());
    }

    /** {@code cluster} under the storage limit of this run. */
    Cluster limited(Cluster cluster) {
        return profile.storageLimit().map(cluster::reading).orElse(cluster);
    }

    /** Bytes of a step that storage delivers to each node. Unknown reads count as cached, and a fit says so. */
    double storagePerNode() {
        return profile.stepBytes(Channel.STORAGE) * loaderWork().storageShare().orElse(0.0) / layout().nodes();
    }

    /** What its loaders did. */
    LoaderWork loaderWork() {
        return LoaderWork.of(record);
    }

    /** FLOP of a step, as executed, on each node. */
    double flopPerNode() {
        return profile.stepFlop() / layout().nodes();
    }

    /** Mean length of a sample's file; empty if the loader does not count. */
    Optional<Double> bytesPerSample() {
        double perStep = profile.stepBytes(Channel.STORAGE);
        return perStep > 0 ? Optional.of(perStep / profile.samplesPerStep()) : Optional.empty();
    }

    /** Whether single steps took much longer than most, which a storage limit does by its nature. */
    boolean isUneven() {
        return profile.storageLimit().isEmpty()
                && profile.meanStepSeconds() > UNEVEN * profile.stepSeconds().median();
    }

    /**
     * Equal for repetitions of a run, and for the same run under another storage limit: where a limit does not bind, that is a
     * repetition too.
     */
    List<Object> setting() {
        return List.of(record.configuration(), record.settings(), layout(), profile.samplesPerStep());
    }

    /** Whether storage may have delivered bytes of the run that nothing counted, as on network file systems. */
    boolean hasUnknownReads() {
        return profile.stepBytes(Channel.STORAGE) > 0
                && loaderWork().storageShare().isEmpty();
    }
}
