package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Loading;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.counters.ProcessStorage;

/** Measures how the training data of an epoch come. */
final class InputMeter {
    private final Dataset<?> dataset;
    private final Path data;
    private final Communicator world;
    private final ProcessStorage storage = new ProcessStorage();
    private Optional<Loading> loadedBefore = Optional.empty();
    private OptionalLong readBefore = OptionalLong.empty();
    private double longestStall;

    /** @param data where the data set is read from */
    InputMeter(Dataset<?> dataset, Path data, Communicator world) {
        this.dataset = dataset;
        this.data = data;
        this.world = world;
    }

    /** An epoch begins. */
    void begin() {
        loadedBefore = dataset.loading();
        readBefore = storage.readBytes();
        longestStall = 0;
    }

    /** A step waited for its batch. */
    void stalled(double seconds) {
        longestStall = Math.max(longestStall, seconds);
    }

    /**
     * Since {@link #begin}. Collective.
     *
     * @param busySeconds what training would take without waiting for data
     */
    Optional<RunRecord.Input> end(double busySeconds) throws IOException {
        Optional<Loading> loaded =
                loadedBefore.flatMap(before -> dataset.loading().map(now -> now.since(before)));
        double[] bytes = {loaded.map(own -> (double) own.bytes()).orElse(0.0)};
        world.sum(bytes);
        Optional<Double> devices = DeviceReads.total(world, readBefore, storage.readBytes(), data);
        double longest = world.max(longestStall);
        double needed = world.max(loaded.map(Loading::decodeSeconds).orElse(0.0) / busySeconds);
        return loaded.map(own -> new RunRecord.Input(Math.round(bytes[0]), devices, longest, needed, own.threads()));
    }
}
