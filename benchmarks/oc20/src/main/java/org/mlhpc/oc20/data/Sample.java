package org.mlhpc.oc20.data;

/** A graph that is ready to be put into a batch. */
public record Sample(AtomGraph graph, Neighborhood neighborhood) {
    /**
     * Ready, with the edges that the graph has, as far as they are no longer than the radius, or those of {@code otherwise}.
     */
    public static Sample of(AtomGraph graph, RadiusGraph otherwise) {
        Edges edges = graph.edges().orElseGet(() -> otherwise.of(graph.positions(), graph.cell()));
        return new Sample(graph, Neighborhood.of(graph, edges, otherwise.cutoff()));
    }
}
