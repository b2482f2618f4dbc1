package org.mlhpc.harness.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Engine;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;

/** The contestants of a contest about one workload, which close with it. */
public final class Lineup<B extends Batch> implements AutoCloseable {
    private static final String PRECISION = Settings.PRECISION;

    private final Workload<B> workload;
    private final Path data;
    private final Communicator world;
    private final Engine engine;
    private final int threads;
    private final List<Contestant> contestants = new ArrayList<>();
    private final List<Path> batchFiles = new ArrayList<>();
    private final Map<String, MatrixProducts> roofs = new LinkedHashMap<>();

    /** @param threads compute threads of this process */
    public Lineup(Workload<B> workload, Path data, Communicator world, Engine engine, int threads) {
        this.workload = workload;
        this.data = data;
        this.world = world;
        this.engine = engine;
        this.threads = threads;
    }

    /**
     * Adds training steps under {@code settings}, and the matrix products of their precision as their roof.
     *
     * @return the contestant, which this line-up closes
     */
    public TrainingSteps<B> addTraining(String label, Settings settings) throws IOException {
        double flop = workload.spec(settings).trainFlopPerSample();
        MatrixProducts roof = roofs.computeIfAbsent(
                settings.get(PRECISION), precision -> new MatrixProducts(engine, precision, threads, flop));
        var steps = new TrainingSteps<>(label, roof, workload, data, context(settings, threads));
        contestants.add(steps);
        return steps;
    }

    /** Adds loading with one thread. */
    public void addLoading(String label, Settings settings) throws IOException {
        contestants.add(new EpochLoading<>(label, workload, data, context(settings, 1)));
    }

    /**
     * Adds loading of another data set with one thread, and another implementation's of the same, if there is one.
     *
     * @param command empty for none
     */
    public void addLoaders(String name, Settings settings, Path other, Optional<String> command) throws IOException {
        var loading = new EpochLoading<>("loading, " + name, workload, other, context(settings, 1));
        contestants.add(loading);
        if (command.isPresent()) {
            int samples = Math.toIntExact(loading.samples());
            var task = new ForeignProgram.Task(name, settings, samples, Optional.of(other), Optional.empty(), 1);
            contestants.add(new ForeignProgram(command.get(), true, task));
        }
    }

    /** The data set of the contest. */
    public Path data() {
        return data;
    }

    /**
     * Adds another implementation as it is and, if the launcher has preloaded an allocator for this process, in the environment
     * of this process too.
     *
     * @param steps those it is to do the same work as
     */
    public void addProgram(String command, Settings settings, TrainingSteps<B> steps) throws IOException {
        Path file = Files.createTempFile("mlhpc-batch", ".safetensors");
        batchFiles.add(file);
        var task = new ForeignProgram.Task(
                settings,
                steps.batch().samples(),
                steps.batch().export(file) ? Optional.of(file) : Optional.empty(),
                threads);
        contestants.add(new ForeignProgram(command, true, task));
        if (System.getenv().containsKey("LD_PRELOAD")) {
            contestants.add(new ForeignProgram(command, false, task));
        }
    }

    private RunContext context(Settings settings, int forThreads) {
        return new RunContext(world, settings, 0, PhaseClock.none(), forThreads);
    }

    /** In the order of addition, roofs last. */
    public List<Contestant> contestants() {
        var all = new ArrayList<>(contestants);
        all.addAll(roofs.values());
        return all;
    }

    @Override
    public void close() throws IOException {
        contestants.forEach(Contestant::close);
        for (Path file : batchFiles) {
            Files.deleteIfExists(file);
        }
    }
}
