package org.mlhpc.oc20.data;

/**
 * Directed edges from neighbours to atoms. The vector of an edge is position(source) + offset · cell - position(target).
 *
 * @param source atom the message comes from, by edge
 * @param target atom the message goes to, by edge
 * @param offset periodic images of the source, three whole numbers of cells by edge
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record Edges(int[] source, int[] target, int[] offset) {
    public Edges {
        if (target.length != source.length || offset.length != 3 * source.length) {
            throw new IllegalArgumentException(
                    source.length + " sources, " + target.length + " targets, " + offset.length + " offsets");
        }
    }

    /** Number of edges. */
    public int count() {
        return source.length;
    }
}
