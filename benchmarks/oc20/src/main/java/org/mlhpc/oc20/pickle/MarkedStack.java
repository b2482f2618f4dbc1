package org.mlhpc.oc20.pickle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The stack of a pickle. A mark sets apart what is pushed after it, until all of that is popped together. */
final class MarkedStack {
    private final PickleInput in;
    private final Deque<List<Object>> below = new ArrayDeque<>();
    /** What has been pushed since the last mark. */
    private List<Object> items = new ArrayList<>();

    /** @param in says in messages where the pickle is being read */
    MarkedStack(PickleInput in) {
        this.in = in;
    }

    void mark() {
        below.push(items);
        items = new ArrayList<>();
    }

    List<Object> popToMark() throws PickleException {
        if (below.isEmpty()) {
            throw new PickleException("an instruction before byte " + in.position() + " lacks its mark");
        }
        List<Object> popped = items;
        items = below.pop();
        return popped;
    }

    void push(Object value) {
        items.add(value);
    }

    Object top() throws PickleException {
        if (items.isEmpty()) {
            throw new PickleException("an instruction before byte " + in.position() + " finds nothing on the stack");
        }
        return items.get(items.size() - 1);
    }

    Object pop() throws PickleException {
        Object value = top();
        items.remove(items.size() - 1);
        return value;
    }

    <T> T pop(Class<T> type) throws PickleException {
        Object value = pop();
        if (!type.isInstance(value)) {
            throw new PickleException("an instruction before byte " + in.position() + " expects a "
                    + type.getSimpleName() + ", not a " + value.getClass().getSimpleName());
        }
        return type.cast(value);
    }
}
