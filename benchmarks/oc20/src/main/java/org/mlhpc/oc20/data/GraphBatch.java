package org.mlhpc.oc20.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.mlhpc.api.Batch;
import org.mlhpc.torch.Safetensors;

/**
 * Graphs put together, without edges between them. Edges are ordered by target; incoming and outgoing slots lay them out as
 * [atoms, most edges of an atom], filled up with edge 0, which counts for nothing there.
 *
 * @param atoms N, number of atoms
 * @param edges E, number of edges
 * @param triplets pairs of successive edges without those that return
 * @param elements atomic numbers, [N], int64
 * @param graph graph of each atom, [N], int64
 * @param vectors from target to source in Å, [E, 3]
 * @param source [E], int64
 * @param target [E], int64
 * @param incoming edge in each slot of the edges that end at an atom, [N * I], int64
 * @param isIncoming 1 where the slot is filled, else 0, [N * I]
 * @param outgoing edge in each slot of the edges that begin at an atom, [N * O], int64
 * @param outgoingSlot slot of each edge among the outgoing ones, [E], int64
 * @param reverse the edge back, [E], int64; 0 where there is none
 * @param hasReverse 1 where there is an edge back, else 0, [E, 1]
 * @param free atoms that are not fixed, int64
 * @param forces in eV/Å, [N, 3]
 * @param energies in eV, by graph
 */
public record GraphBatch(
        int samples,
        long atoms,
        long edges,
        long triplets,
        Tensor elements,
        Tensor graph,
        Tensor vectors,
        Tensor source,
        Tensor target,
        Tensor incoming,
        Tensor isIncoming,
        Tensor outgoing,
        Tensor outgoingSlot,
        Tensor reverse,
        Tensor hasReverse,
        Tensor free,
        Tensor forces,
        Tensor energies)
        implements Batch {

    /** I, slots of an atom for incoming edges. */
    public long incomingSlots() {
        return incoming.size(0) / atoms;
    }

    /** O, slots of an atom for outgoing edges. */
    public long outgoingSlots() {
        return outgoing.size(0) / atoms;
    }

    /** Everything but the slots, which are a matter of this implementation, under the names of the components. */
    @Override
    public boolean export(Path file) throws IOException {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("elements", elements);
        tensors.put("graph", graph);
        tensors.put("vectors", vectors);
        tensors.put("source", source);
        tensors.put("target", target);
        tensors.put("reverse", reverse);
        tensors.put("hasReverse", hasReverse);
        tensors.put("free", free);
        tensors.put("forces", forces);
        tensors.put("energies", energies);
        Safetensors.write(file, tensors);
        return true;
    }

    /** Frees the tensors. */
    void release() {
        List.of(
                        elements,
                        graph,
                        vectors,
                        source,
                        target,
                        incoming,
                        isIncoming,
                        outgoing,
                        outgoingSlot,
                        reverse,
                        hasReverse,
                        free,
                        forces,
                        energies)
                .forEach(Tensor::close);
    }
}
