package org.mlhpc.cosmoflow.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.torch.data.Slot;

/**
 * Memory for one batch of volumes. Files and tensor have the same order of values, so decoding is one pass from the file's
 * int16 to the tensor's float32.
 */
final class VolumeSlot implements Slot<Volumes> {
    private final List<Path> files;
    private final int sampleSize;
    private final Normalisation normalisation;
    private final ThreadLocal<SampleFile.Reader> readers;
    /** By number of samples: full batches and the last one of a validation set. */
    private final Map<Integer, Volumes> batches = new HashMap<>();

    private final ReadLimit limit;
    private final FloatPointer x;
    private final FloatPointer y;

    /**
     * Allocates the memory.
     *
     * @param limit asked before a file is read
     */
    VolumeSlot(
            List<Path> files,
            int sampleSize,
            int samples,
            Normalisation normalisation,
            ThreadLocal<SampleFile.Reader> readers,
            ReadLimit limit) {
        this.limit = limit;
        this.files = files;
        this.sampleSize = sampleSize;
        this.normalisation = normalisation;
        this.readers = readers;
        this.x = new FloatPointer((long) samples * valuesPerSample());
        this.y = new FloatPointer((long) samples * SampleFile.TARGETS);
    }

    private int valuesPerSample() {
        return sampleSize * sampleSize * sampleSize * SampleFile.CHANNELS;
    }

    @Override
    public long decode(int position, int sample) throws IOException {
        Path file = files.get(sample);
        SampleFile.Reader.Sample read = read(file);
        long offset = (long) position * valuesPerSample();
        // A pointer of its own per call: positions of a shared one would race.
        var input = new FloatPointer(x).position(offset).limit(offset + valuesPerSample());
        normalisation.apply(file, read.counts(), input.asBuffer());
        for (int i = 0; i < SampleFile.TARGETS; i++) {
            y.put((long) position * SampleFile.TARGETS + i, read.targets()[i]);
        }
        return read.fileBytes();
    }

    private SampleFile.Reader.Sample read(Path file) throws IOException {
        try {
            return readers.get().read(file, limit);
        } catch (IOException e) {
            throw FileErrors.naming(file, e);
        }
    }

    /** The tensors share this slot's memory and live as long as it. */
    @Override
    public Volumes batch(int samples) {
        return batches.computeIfAbsent(samples, this::newBatch);
    }

    private Volumes newBatch(int samples) {
        long side = sampleSize;
        long channels = SampleFile.CHANNELS;
        long[] sizes = {samples, channels, side, side, side};
        long[] channelsLast = {side * side * side * channels, 1, side * side * channels, side * channels, channels};
        Tensor input = torch.from_blob(x, sizes, channelsLast);
        Tensor targets = torch.from_blob(y, new long[] {samples, SampleFile.TARGETS});
        return new Volumes(input, targets, samples);
    }

    @Override
    public void close() {
        for (Volumes batch : batches.values()) {
            batch.x().close();
            batch.y().close();
        }
        x.close();
        y.close();
    }
}
