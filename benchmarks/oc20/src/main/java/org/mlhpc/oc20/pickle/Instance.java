package org.mlhpc.oc20.pickle;

/** An object of a class, which has no more than its state. */
public final class Instance {
    private final Global type;
    private Object state = None.NONE;

    Instance(Global type) {
        this.type = type;
    }

    /** An object with this state. */
    public static Instance of(Global type, Object state) {
        var instance = new Instance(type);
        instance.state = state;
        return instance;
    }

    /** Its class. */
    public Global type() {
        return type;
    }

    /** What pickling kept of it; usually a map from names to values. */
    public Object state() {
        return state;
    }

    void build(Object newState) {
        state = newState;
    }
}
