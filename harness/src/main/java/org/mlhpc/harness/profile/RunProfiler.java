package org.mlhpc.harness.profile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Loading;
import org.mlhpc.api.OperatorWork.Pass;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Trainer;
import org.mlhpc.results.Profile;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Spread;

/** Joins the times of a run with the work done in them. */
public final class RunProfiler implements StepObserver, AutoCloseable {
    private final Communicator world;
    private final Optional<StepWork> work;
    private final int threads;
    private final Optional<Double> storageLimit;
    private final StepTimes steps;
    private final ToDoubleFunction<Phase> seconds;
    private final RunCounters counters;
    private final OperatorTable operators = new OperatorTable();
    private List<String> uncounted = List.of();

    /**
     * A profiler for one run. Looks what counters there are, which takes a while.
     *
     * @param work of one step of this rank, if the workload accounts for it
     * @param seconds time of a phase so far
     * @param threads of each rank
     * @param storageLimit as in {@link Profile#storageLimit}
     */
    public RunProfiler(
            Communicator world,
            Optional<StepWork> work,
            ToDoubleFunction<Phase> seconds,
            int threads,
            Optional<Double> storageLimit) {
        this.threads = threads;
        this.storageLimit = storageLimit;
        this.world = world;
        this.work = work;
        this.seconds = seconds;
        this.steps = new StepTimes(seconds, world::payloadBytes);
        this.counters = new RunCounters(world, System::nanoTime);
    }

    /** The first epoch is about to begin. */
    public void begin() {
        counters.begin();
    }

    @Override
    public void epochBegins() {
        steps.epochBegins();
    }

    @Override
    public void stepEnded() {
        steps.stepEnded();
    }

    @Override
    public void asideEnded() {
        steps.stepBegins();
    }

    /**
     * The profile, after the run: operators are timed now; empty if the run made no step. Collective.
     *
     * @param <B> the batches of the workload
     * @param epochs finished
     * @param checkpointBytes length of all files of state written; empty if not all of them are known
     */
    public <B extends Batch> Optional<Profile> profile(
            int epochs, Optional<Long> checkpointBytes, Trainer<B> trainer, Dataset<B> dataset) throws IOException {
        RunCounters.Counted counted = counters.stop();
        uncounted = counted.uncounted();
        // Before more samples are read to time operators with.
        Optional<Double> bytesPerSample = bytesPerSample(dataset.loading());
        operators.time(trainer, dataset, epochs + 1);
        long samplesPerStep = dataset.trainSamples() / dataset.stepsPerEpoch();
        double[] payload = {steps.count() == 0 ? 0 : steps.payloadPerStep()};
        world.sum(payload);
        if (steps.count() == 0) {
            return Optional.empty();
        }
        var phases = new ArrayList<Profile.Phase>();
        for (Phase phase : StepTimes.PHASES) {
            phases.add(ofStep(phase, payload[0], bytesPerSample.map(each -> each * samplesPerStep)));
        }
        phases.add(evaluation((double) epochs * dataset.validationSamples(), bytesPerSample));
        Map<Channel, Double> saved = checkpointBytes
                .map(bytes -> Map.of(Channel.STORAGE, (double) bytes))
                .orElse(Map.of());
        phases.add(ofRun(Phase.CHECKPOINT, Optional.of(0.0), saved));
        phases.add(ofRun(Phase.SYNCHRONISATION, Optional.of(0.0), Map.of()));
        return Optional.of(new Profile(
                steps.count(),
                mean(steps.seconds()),
                Spread.of(steps.seconds()),
                samplesPerStep,
                world.size(),
                threads,
                work.map(StepWork::precision).orElse(""),
                storageLimit,
                phases,
                work.map(operators::layers).orElse(List.of()),
                counted.amounts(),
                Optional.of(counted.share())));
    }

    /** Counters that came to nothing in this run, with the reason; known after {@link #profile}. */
    public List<String> uncounted() {
        return uncounted;
    }

    /** Mean length of the files that the loaders of all ranks read. */
    private Optional<Double> bytesPerSample(Optional<Loading> loading) {
        double[] sums = {
            loading.map(own -> (double) own.bytes()).orElse(0.0),
            loading.map(own -> (double) own.samples()).orElse(0.0)
        };
        world.sum(sums);
        return sums[1] == 0 ? Optional.empty() : Optional.of(sums[0] / sums[1]);
    }

    private Profile.Phase ofStep(Phase phase, double payload, Optional<Double> fileBytes) {
        var bytes = new EnumMap<Channel, Double>(Channel.class);
        Optional<Pass> pass = passOf(phase);
        pass.ifPresent(p -> bytes.put(Channel.MEMORY, p.bytes() * world.size()));
        if (phase == Phase.DATA_STALL) {
            fileBytes.ifPresent(read -> bytes.put(Channel.STORAGE, read));
        }
        if (phase == Phase.ALL_REDUCE) {
            bytes.put(Channel.NETWORK, payload);
        }
        boolean computes = phase == Phase.FORWARD || phase == Phase.BACKWARD;
        Optional<Double> flop = computes ? pass.map(p -> p.flop() * world.size()) : Optional.of(0.0);
        double[] each = steps.seconds(phase);
        return new Profile.Phase(name(phase), Profile.STEP, mean(each), Optional.of(steps.spread(phase)), flop, bytes);
    }

    private Optional<Pass> passOf(Phase phase) {
        return switch (phase) {
            case FORWARD -> work.map(StepWork::forward);
            case BACKWARD -> work.map(StepWork::backward);
            case OPTIMIZER -> work.map(StepWork::optimizer);
            default -> Optional.empty();
        };
    }

    /** Forward alone, as often as there are batches of validation samples. */
    private Profile.Phase evaluation(double samples, Optional<Double> bytesPerSample) {
        var bytes = new EnumMap<Channel, Double>(Channel.class);
        work.ifPresent(step -> bytes.put(Channel.MEMORY, step.forward().bytes() / step.samples() * samples));
        bytesPerSample.ifPresent(each -> bytes.put(Channel.STORAGE, each * samples));
        return ofRun(Phase.EVALUATION, work.map(step -> step.forward().flop() / step.samples() * samples), bytes);
    }

    private Profile.Phase ofRun(Phase phase, Optional<Double> flop, Map<Channel, Double> bytes) {
        return new Profile.Phase(name(phase), Profile.RUN, seconds.applyAsDouble(phase), Optional.empty(), flop, bytes);
    }

    @Override
    public void close() {
        counters.close();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static String name(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
