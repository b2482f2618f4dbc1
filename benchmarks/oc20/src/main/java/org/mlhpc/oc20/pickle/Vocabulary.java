package org.mlhpc.oc20.pickle;

/** What the names in a pickle stand for. Each method throws for what it does not know, naming it. */
interface Vocabulary {
    /** The name itself if it is allowed. */
    Global name(String module, String name) throws PickleException;

    /** What calling {@code function} with {@code arguments} stands for. */
    Object call(Global function, PyTuple arguments) throws PickleException;

    /** A new object without state. */
    Object create(Global type, PyTuple arguments) throws PickleException;

    /** What an identifier from outside the pickle stands for. */
    Object persistent(Object id) throws PickleException;
}
