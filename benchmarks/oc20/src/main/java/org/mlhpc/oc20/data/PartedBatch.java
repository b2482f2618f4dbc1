package org.mlhpc.oc20.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mlhpc.api.Batch;
import org.mlhpc.torch.Safetensors;

/** A batch in parts that are computed one after another, so small that what a layer makes of one is still in cache for the next. */
public record PartedBatch(List<GraphBatch> parts) implements Batch {
    /**
     * Puts samples together, in their order; whoever asks for the batch frees it.
     *
     * @param partEdges edges of a part at most, unless a single sample has more
     * @throws IllegalArgumentException if the samples of a part have no edge at all
     */
    public static PartedBatch of(List<Sample> samples, int partEdges) {
        var parts = new ArrayList<GraphBatch>();
        int begin = 0;
        long edges = 0;
        for (int i = 0; i < samples.size(); i++) {
            int more = samples.get(i).neighborhood().count();
            if (i > begin && edges + more > partEdges) {
                parts.add(Collation.of(samples.subList(begin, i)));
                begin = i;
                edges = 0;
            }
            edges += more;
        }
        parts.add(Collation.of(samples.subList(begin, samples.size())));
        return new PartedBatch(parts);
    }

    @Override
    public int samples() {
        return parts.stream().mapToInt(GraphBatch::samples).sum();
    }

    /** Atoms that are not fixed. */
    public long freeAtoms() {
        return parts.stream().mapToLong(part -> part.free().size(0)).sum();
    }

    /**
     * All parts as one, under the names of {@link GraphBatch}, without the slots, which are a matter of this implementation.
     */
    @Override
    public boolean export(Path file) throws IOException {
        try (var scope = new PointerScope()) {
            var tensors = new LinkedHashMap<String, Tensor>();
            tensors.put("elements", joined(GraphBatch::elements));
            tensors.put("graph", renumbered(GraphBatch::graph, GraphBatch::samples));
            tensors.put("vectors", joined(GraphBatch::vectors));
            tensors.put("source", renumbered(GraphBatch::source, GraphBatch::atoms));
            tensors.put("target", renumbered(GraphBatch::target, GraphBatch::atoms));
            tensors.put("reverse", renumbered(GraphBatch::reverse, GraphBatch::edges));
            tensors.put("hasReverse", joined(GraphBatch::hasReverse));
            tensors.put("free", renumbered(GraphBatch::free, GraphBatch::atoms));
            tensors.put("forces", joined(GraphBatch::forces));
            tensors.put("energies", joined(GraphBatch::energies));
            Safetensors.write(file, tensors);
        }
        return true;
    }

    private Tensor joined(Function<GraphBatch, Tensor> values) {
        return torch.cat(new TensorVector(parts.stream().map(values).toArray(Tensor[]::new)));
    }

    /** Numbers that go on counting from one part to the next. */
    private Tensor renumbered(Function<GraphBatch, Tensor> numbers, ToLongFunction<GraphBatch> count) {
        var all = new ArrayList<Tensor>();
        long before = 0;
        for (GraphBatch part : parts) {
            all.add(numbers.apply(part).add(new Scalar(before)));
            before += count.applyAsLong(part);
        }
        return torch.cat(new TensorVector(all.toArray(Tensor[]::new)));
    }

    /** Frees the tensors. */
    void release() {
        parts.forEach(GraphBatch::release);
    }
}
