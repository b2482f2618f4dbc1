package org.mlhpc.oc20.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.mlhpc.oc20.pickle.PickleException;
import org.mlhpc.oc20.pickle.Pickles;
import org.mlhpc.oc20.pickle.TensorData;

/** Graphs in the published form: a pickled graph of PyTorch Geometric with the fields named here. */
public final class GraphCodec {
    /** Rows of the published model's table of elements; row 0 is for none. */
    public static final int ELEMENTS = 95;

    /** The published set has up to 225. */
    private static final long MAX_ATOMS = 4_000;
    /** More than any has within a radius of 10 Å. */
    private static final int MAX_EDGES_PER_ATOM = 1_000;
    /** Batches have as many places at each atom as the one with most edges fills: this bounds a graph's share of their memory. */
    private static final long MAX_PLACES = 1_000_000;

    private GraphCodec() {}

    /**
     * Reads a graph.
     *
     * @param place names the record in messages
     * @throws IOException if the pickle is damaged or not a graph, or a field is missing or wrong
     */
    public static AtomGraph read(byte[] record, String place) throws IOException {
        GraphFields fields;
        try {
            fields = new GraphFields(Pickles.readGraph(ByteBuffer.wrap(record)), place);
        } catch (PickleException e) {
            throw new IOException(place + ": " + e.getMessage(), e);
        }
        long atoms = fields.tensor("pos", -1, 3).sizes()[0];
        if (atoms < 1 || atoms > MAX_ATOMS) {
            throw fields.fault("has " + atoms + " atoms, expected 1 to " + MAX_ATOMS);
        }
        return new AtomGraph(
                fields.wholeNumbers("atomic_numbers", 1, ELEMENTS - 1, atoms),
                fields.numbers("pos", atoms, 3),
                fields.numbers("cell", 1, 3, 3),
                fields.numbers("force", atoms, 3),
                fixed(fields, atoms),
                fields.has("tags") ? fields.wholeNumbers("tags", 0, 2, atoms) : new int[(int) atoms],
                fields.number("y"),
                edges(fields, atoms),
                fields.identity("sid"),
                fields.identity("fid"));
    }

    private static boolean[] fixed(GraphFields fields, long atoms) throws IOException {
        int[] values = fields.wholeNumbers("fixed", 0, 1, atoms);
        boolean[] fixed = new boolean[values.length];
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = values[i] == 1;
        }
        return fixed;
    }

    private static Optional<Edges> edges(GraphFields fields, long atoms) throws IOException {
        if (!fields.has("edge_index")) {
            return Optional.empty();
        }
        long count = fields.tensor("edge_index", 2, -1).sizes()[1];
        if (count > MAX_EDGES_PER_ATOM * atoms) {
            throw fields.fault("has " + count + " edges, more than " + MAX_EDGES_PER_ATOM + " for each atom");
        }
        int[] ends = fields.wholeNumbers("edge_index", 0, atoms - 1, 2, count);
        int[] source = Arrays.copyOf(ends, (int) count);
        int[] target = Arrays.copyOfRange(ends, (int) count, ends.length);
        requireFew(fields, source, atoms);
        requireFew(fields, target, atoms);
        int most = PeriodicPairs.MAX_OFFSET;
        return Optional.of(new Edges(source, target, fields.wholeNumbers("cell_offsets", -most, most, count, 3)));
    }

    private static void requireFew(GraphFields fields, int[] atomByEdge, long atoms) throws IOException {
        int[] edges = new int[(int) atoms];
        for (int atom : atomByEdge) {
            if (++edges[atom] > MAX_EDGES_PER_ATOM) {
                throw fields.fault("atom " + atom + " has more than " + MAX_EDGES_PER_ATOM + " edges in one direction");
            }
        }
        int most = Arrays.stream(edges).max().orElse(0);
        if (most * atoms > MAX_PLACES) {
            throw fields.fault("has " + atoms + " atoms, one of which has " + most
                    + " edges in one direction: more than " + MAX_PLACES + " places in a batch");
        }
    }

    /** The pickled graph, with edges if it has some. */
    public static byte[] write(AtomGraph graph) {
        int atoms = graph.atoms();
        var fields = new LinkedHashMap<String, Object>();
        graph.edges().ifPresent(edges -> {
            int count = edges.count();
            long[] ends = new long[2 * count];
            Arrays.setAll(ends, i -> i < count ? edges.source()[i] : edges.target()[i - count]);
            fields.put("edge_index", TensorData.of(ends, 2, count));
            fields.put("cell_offsets", TensorData.of(longs(edges.offset()), count, 3));
        });
        fields.put("pos", TensorData.of(floats(graph.positions()), atoms, 3));
        fields.put("cell", TensorData.of(floats(graph.cell()), 1, 3, 3));
        fields.put("atomic_numbers", TensorData.of(floats(graph.atomicNumbers()), atoms));
        fields.put("natoms", (long) atoms);
        fields.put("y", graph.energy());
        fields.put("force", TensorData.of(floats(graph.forces()), atoms, 3));
        fields.put("fixed", TensorData.of(floats(graph.fixed()), atoms));
        fields.put("tags", TensorData.of(longs(graph.tags()), atoms));
        fields.put("sid", graph.system());
        fields.put("fid", graph.frame());
        return Pickles.writeGraph(fields);
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static float[] floats(int[] values) {
        return floats(Arrays.stream(values).asDoubleStream().toArray());
    }

    private static float[] floats(boolean[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values[i] ? 1 : 0;
        }
        return floats;
    }
}
