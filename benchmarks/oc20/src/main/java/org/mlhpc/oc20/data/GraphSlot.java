package org.mlhpc.oc20.data;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.oc20.data.GraphDataset.Source;
import org.mlhpc.torch.data.Slot;

/** The graphs of one batch as they arrive, and the batch made of them when all are there. */
final class GraphSlot implements Slot<GraphBatch> {
    private final Source source;
    private final RadiusGraph radiusGraph;
    private final ReadLimit limit;
    private final Map<Integer, Sample> samples = new ConcurrentHashMap<>();
    private Optional<GraphBatch> batch = Optional.empty();

    GraphSlot(Source source, RadiusGraph radiusGraph, ReadLimit limit) {
        this.source = source;
        this.radiusGraph = radiusGraph;
        this.limit = limit;
    }

    @Override
    public long decode(int position, int sample) throws IOException {
        byte[] record = source.read(sample, limit);
        String place = source.place(sample);
        AtomGraph graph = GraphCodec.read(record, place);
        if (graph.freeAtoms() == 0) {
            throw new IOException(place + ": all atoms are fixed, so that there are no forces to learn");
        }
        try {
            Sample ready = Sample.of(graph, radiusGraph);
            if (ready.neighborhood().count() == 0) {
                throw new IOException(place + ": the graph has no edges");
            }
            samples.put(position, ready);
        } catch (IllegalArgumentException e) {
            throw new IOException(place + ": " + e.getMessage(), e);
        }
        return record.length;
    }

    @Override
    public void complete(int count) {
        batch.ifPresent(GraphBatch::release);
        batch = Optional.of(Collation.of(IntStream.range(0, count)
                .mapToObj(position -> Objects.requireNonNull(samples.get(position)))
                .toList()));
        // A batch has what it needs of them, and is kept for long.
        samples.clear();
    }

    @Override
    public GraphBatch batch(int count) {
        return batch.orElseThrow();
    }

    @Override
    public void close() {
        batch.ifPresent(GraphBatch::release);
        batch = Optional.empty();
    }
}
