package org.mlhpc.oc20.pickle;

import java.util.List;

/** A tuple. Its items are None, Boolean, Long, Double, String, ByteBuffer or values of this package, lists and maps. */
public record PyTuple(List<Object> items) {
    public PyTuple {
        items = List.copyOf(items);
    }

    /** A tuple of these. */
    public static PyTuple of(Object... items) {
        return new PyTuple(List.of(items));
    }

    int size() {
        return items.size();
    }

    Object get(int index) throws PickleException {
        if (index >= items.size()) {
            throw new PickleException("a tuple has " + items.size() + " items, expected at least " + (index + 1));
        }
        return items.get(index);
    }

    /** An item that has to be a whole number. */
    long number(int index) throws PickleException {
        if (get(index) instanceof Long value) {
            return value;
        }
        throw new PickleException("item " + index + " of a tuple is not a whole number");
    }

    /** All items as whole numbers. */
    long[] numbers() throws PickleException {
        long[] numbers = new long[items.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(i);
        }
        return numbers;
    }
}
