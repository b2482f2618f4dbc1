package org.mlhpc.cosmoflow.generate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.PointerScope;
import org.mlhpc.cosmoflow.data.SampleFile;
import org.mlhpc.torch.data.FirstFailure;
import org.mlhpc.torch.data.NewDataSet;

/** The universes of one data set in the making: each worker takes the next one, simulates it and has its cubes written. */
final class Production implements AutoCloseable {
    private final GeneratorSettings settings;
    private final NewDataSet dataSet;
    private final List<Universe> universes;
    private final int workers;
    private final ExecutorService workerThreads;
    private final ExecutorService writerThreads;
    private final AtomicInteger nextUniverse = new AtomicInteger();

    /**
     * @param workers universes in memory at once
     * @param threads cubes being compressed and written at once
     */
    Production(GeneratorSettings settings, NewDataSet dataSet, List<Universe> universes, int workers, int threads) {
        this.settings = settings;
        this.dataSet = dataSet;
        this.universes = universes;
        this.workers = workers;
        workerThreads = Executors.newFixedThreadPool(workers);
        writerThreads = Executors.newFixedThreadPool(threads);
    }

    /** Makes all universes. The first failure ends the others. */
    void complete() throws IOException {
        FirstFailure.runAll(workerThreads, Collections.nCopies(workers, this::work));
    }

    private Void work() throws IOException {
        var grid = new CountGrid(settings.genBoxCells(), settings.sampleSize(), GeneratorSettings.CHANNELS);
        for (int i = nextUniverse.getAndIncrement(); i < universes.size(); i = nextUniverse.getAndIncrement()) {
            simulate(universes.get(i), grid);
            write(universes.get(i), grid.cubes());
        }
        return null;
    }

    private void simulate(Universe universe, CountGrid grid) {
        grid.clear();
        var power = new LinearPowerSpectrum(universe.cosmology());
        var growth = new Growth(universe.cosmology().omegaM());
        try (var scope = new PointerScope();
                Displacements displacements = displacements(universe, power)) {
            for (int channel = 0; channel < GeneratorSettings.CHANNELS; channel++) {
                double redshift = settings.genRedshifts().get(channel);
                grid.count(displacements, channel, growth.firstOrder(redshift), growth.secondOrder(redshift));
            }
        }
    }

    private Displacements displacements(Universe universe, LinearPowerSpectrum power) {
        try (Spectrum density =
                Spectrum.ofRandomField(universe.seed(), settings.latticeSide(), settings.boxEdge(), power)) {
            return Displacements.of(density, settings.boxEdge());
        }
    }

    private void write(Universe universe, List<ByteBuffer> cubes) throws IOException {
        var tasks = new ArrayList<Callable<Void>>();
        for (int cube = 0; cube < universe.samples(); cube++) {
            String name = universe.fileName(cube);
            ByteBuffer counts = cubes.get(cube);
            tasks.add(() -> write(name, counts, universe.label().values()));
        }
        FirstFailure.runAll(writerThreads, tasks);
    }

    private Void write(String name, ByteBuffer counts, float[] label) throws IOException {
        boolean compressed = settings.genCompression() == GeneratorSettings.Compression.GZIP;
        dataSet.write(name, file -> SampleFile.write(file, counts, label, compressed));
        dataSet.sampleMade();
        return null;
    }

    /** Ends the threads and waits for them, also for those of universes still under way. */
    @Override
    public void close() {
        FirstFailure.end(workerThreads);
        FirstFailure.end(writerThreads);
    }
}
