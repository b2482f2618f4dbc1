package org.mlhpc.oc20.pickle;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes pickles of numbers and of graphs of PyTorch Geometric, of version 1 or 2. */
public final class Pickles {
    private static final int PROTOCOL = 4;
    private static final String STORE = "_store";
    private static final String MAPPING = "_mapping";

    private Pickles() {}

    /** @throws PickleException if the pickle is anything but a whole number */
    public static long readNumber(ByteBuffer pickle) throws PickleException {
        if (read(pickle) instanceof Long number) {
            return number;
        }
        throw new PickleException("expected a whole number");
    }

    /**
     * The fields of a graph by name: tensors, numbers or text, without those that are None. Tensors are views of {@code
     * pickle}, valid as long as that.
     *
     * @throws PickleException if the pickle is damaged or anything but such a graph
     */
    public static Map<String, Object> readGraph(ByteBuffer pickle) throws PickleException {
        Object value = read(pickle);
        if (!(value instanceof Instance data) || !data.type().equals(Global.DATA)) {
            throw new PickleException("expected an object of " + Global.DATA);
        }
        Map<?, ?> state = map(data.state());
        if (state.get(STORE) instanceof Instance store) {
            state = map(map(store.state()).get(MAPPING));
        }
        var fields = new LinkedHashMap<String, Object>();
        state.forEach((name, field) -> {
            if (field != None.NONE) {
                fields.put(name.toString(), field);
            }
        });
        return fields;
    }

    private static Object read(ByteBuffer pickle) throws PickleException {
        var budget = new Budget(pickle.remaining());
        return Unpickler.read(new PickleInput(pickle), new GraphNames(budget), budget);
    }

    private static Map<?, ?> map(@Nullable Object state) throws PickleException {
        if (state instanceof Map<?, ?> map) {
            return map;
        }
        throw new PickleException("an object of " + Global.DATA + " has no fields");
    }

    /** A whole number. */
    public static byte[] writeNumber(long number) {
        return new PickleWriter(PROTOCOL).write(number);
    }

    /**
     * A graph as version 1 of PyTorch Geometric pickles it, the layout of the published data set.
     *
     * @param fields {@link TensorData}, Long, Double, Boolean, String or {@link None} by name
     */
    public static byte[] writeGraph(Map<String, Object> fields) {
        return new PickleWriter(PROTOCOL).write(Instance.of(Global.DATA, new LinkedHashMap<>(fields)));
    }
}
