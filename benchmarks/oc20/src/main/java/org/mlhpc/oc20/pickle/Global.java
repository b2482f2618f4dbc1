package org.mlhpc.oc20.pickle;

/** A class or function that a pickle names. To hold one means nothing: none of them is ever looked up or called. */
public record Global(String module, String name) {
    /** The graph class of PyTorch Geometric, under the name it is pickled by. */
    public static final Global DATA = new Global("torch_geometric.data.data", "Data");

    /** Where the fields of {@link #DATA} are since version 2 of PyTorch Geometric. */
    static final Global STORE = new Global("torch_geometric.data.storage", "GlobalStorage");

    @Override
    public String toString() {
        return module + "." + name;
    }
}
