package org.mlhpc.deepcam.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.torch.data.Slot;

/** Memory for one batch of images. Files and tensor have the same order of values, so decoding is one pass over them. */
final class ImageSlot implements Slot<Images> {
    private final List<Path> files;
    private final int height;
    private final int width;
    private final ThreadLocal<ImageFile.Reader> readers;
    private final ReadLimit limit;
    /** By number of samples: full batches and single images of a validation set. */
    private final Map<Integer, Images> batches = new HashMap<>();

    private final FloatPointer x;
    private final LongPointer labels;

    /**
     * Allocates the memory.
     *
     * @param limit asked before a file is read
     */
    ImageSlot(
            List<Path> files,
            int height,
            int width,
            int samples,
            ThreadLocal<ImageFile.Reader> readers,
            ReadLimit limit) {
        this.files = files;
        this.height = height;
        this.width = width;
        this.readers = readers;
        this.limit = limit;
        this.x = new FloatPointer(samples * pixels() * Channel.COUNT);
        this.labels = new LongPointer(samples * pixels());
    }

    private long pixels() {
        return (long) height * width;
    }

    @Override
    public long decode(int position, int sample) throws IOException {
        long values = pixels() * Channel.COUNT;
        // Pointers of their own per call: positions of shared ones would race.
        var ownX = new FloatPointer(x).position(position * values).limit((position + 1) * values);
        var ownLabels = new LongPointer(labels).position(position * pixels()).limit((position + 1) * pixels());
        return readers.get().read(files.get(sample), limit, ownX.asBuffer(), ownLabels.asBuffer());
    }

    /** The tensors share this slot's memory and live as long as it. */
    @Override
    public Images batch(int samples) {
        return batches.computeIfAbsent(samples, this::newBatch);
    }

    private Images newBatch(int samples) {
        long channels = Channel.COUNT;
        long[] sizes = {samples, channels, height, width};
        long[] channelsLast = {pixels() * channels, 1, width * channels, channels};
        Tensor input = torch.from_blob(x, sizes, channelsLast);
        try (var options = new TensorOptions(ScalarType.Long)) {
            return new Images(input, torch.from_blob(labels, new long[] {samples, height, width}, options), samples);
        }
    }

    @Override
    public void close() {
        for (Images batch : batches.values()) {
            batch.x().close();
            batch.labels().close();
        }
        x.close();
        labels.close();
    }
}
