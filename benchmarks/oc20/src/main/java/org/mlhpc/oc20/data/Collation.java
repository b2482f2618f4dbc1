package org.mlhpc.oc20.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Puts samples together: numbers of atoms and edges go on counting from one to the next. */
public final class Collation {
    private final List<Sample> samples;
    private final int atoms;
    private final int edges;
    private final int incomingSlots;
    private final int outgoingSlots;

    private final long[] elements;
    private final long[] graph;
    private final float[] forces;
    private final float[] energies;
    private final long[] free;
    private final float[] vectors;
    private final long[] source;
    private final long[] target;
    private final long[] incoming;
    private final float[] isIncoming;
    private final long[] outgoing;
    private final long[] outgoingSlot;
    private final long[] reverse;
    private final float[] hasReverse;
    /** Edges so far that end and begin at each atom. */
    private final int[] ends;

    private final int[] begins;
    private int freeAtoms;

    private Collation(List<Sample> samples) {
        this.samples = samples;
        atoms = samples.stream().mapToInt(sample -> sample.graph().atoms()).sum();
        edges = samples.stream()
                .mapToInt(sample -> sample.neighborhood().count())
                .sum();
        incomingSlots =
                most(samples.stream().mapToInt(sample -> sample.neighborhood().mostIncoming()));
        outgoingSlots =
                most(samples.stream().mapToInt(sample -> sample.neighborhood().mostOutgoing()));
        elements = new long[atoms];
        graph = new long[atoms];
        forces = new float[3 * atoms];
        energies = new float[samples.size()];
        free = new long[atoms];
        vectors = new float[3 * edges];
        source = new long[edges];
        target = new long[edges];
        incoming = new long[atoms * incomingSlots];
        isIncoming = new float[atoms * incomingSlots];
        outgoing = new long[atoms * outgoingSlots];
        outgoingSlot = new long[edges];
        reverse = new long[edges];
        hasReverse = new float[edges];
        ends = new int[atoms];
        begins = new int[atoms];
    }

    private static int most(IntStream counts) {
        return Math.max(1, counts.max().orElse(0));
    }

    /**
     * The batch; whoever asks for it frees it.
     *
     * @throws IllegalArgumentException if the samples have no edge at all
     */
    public static GraphBatch of(List<Sample> samples) {
        var collation = new Collation(samples);
        if (collation.edges == 0) {
            throw new IllegalArgumentException("the graphs of a batch have no edges");
        }
        int atom = 0;
        int edge = 0;
        for (int i = 0; i < samples.size(); i++) {
            collation.addAtoms(i, atom);
            collation.addEdges(samples.get(i).neighborhood(), atom, edge);
            atom += samples.get(i).graph().atoms();
            edge += samples.get(i).neighborhood().count();
        }
        return collation.batch();
    }

    private void addAtoms(int sample, int firstAtom) {
        AtomGraph g = samples.get(sample).graph();
        energies[sample] = (float) g.energy();
        for (int i = 0; i < g.atoms(); i++) {
            elements[firstAtom + i] = g.atomicNumbers()[i];
            graph[firstAtom + i] = sample;
            if (!g.fixed()[i]) {
                free[freeAtoms++] = (long) firstAtom + i;
            }
        }
        for (int i = 0; i < g.forces().length; i++) {
            forces[3 * firstAtom + i] = (float) g.forces()[i];
        }
    }

    private void addEdges(Neighborhood n, int firstAtom, int firstEdge) {
        System.arraycopy(n.vector(), 0, vectors, 3 * firstEdge, n.vector().length);
        for (int e = 0; e < n.count(); e++) {
            int edge = firstEdge + e;
            int from = firstAtom + n.source()[e];
            int to = firstAtom + n.target()[e];
            source[edge] = from;
            target[edge] = to;
            int slot = to * incomingSlots + ends[to]++;
            incoming[slot] = edge;
            isIncoming[slot] = 1;
            outgoingSlot[edge] = (long) from * outgoingSlots + begins[from]++;
            outgoing[(int) outgoingSlot[edge]] = edge;
            if (n.reverse()[e] >= 0) {
                reverse[edge] = (long) firstEdge + n.reverse()[e];
                hasReverse[edge] = 1;
            }
        }
    }

    private GraphBatch batch() {
        return new GraphBatch(
                samples.size(),
                atoms,
                edges,
                samples.stream()
                        .mapToLong(sample -> sample.neighborhood().triplets())
                        .sum(),
                tensor(elements, atoms),
                tensor(graph, atoms),
                tensor(vectors, edges, 3),
                tensor(source, edges),
                tensor(target, edges),
                tensor(incoming, incoming.length),
                tensor(isIncoming, isIncoming.length),
                tensor(outgoing, outgoing.length),
                tensor(outgoingSlot, edges),
                tensor(reverse, edges),
                tensor(hasReverse, edges, 1),
                tensor(Arrays.copyOf(free, freeAtoms), freeAtoms),
                tensor(forces, atoms, 3),
                tensor(energies, energies.length));
    }

    private static Tensor tensor(long[] values, long... shape) {
        try (var scope = new PointerScope()) {
            Tensor tensor = torch.empty(shape, new TensorOptions(ScalarType.Long), new MemoryFormatOptional());
            tensor.data_ptr_long().put(values);
            return tensor.retainReference();
        }
    }

    private static Tensor tensor(float[] values, long... shape) {
        try (var scope = new PointerScope()) {
            Tensor tensor = torch.empty(shape, new TensorOptions(ScalarType.Float), new MemoryFormatOptional());
            tensor.data_ptr_float().put(values);
            return tensor.retainReference();
        }
    }
}
