package org.mlhpc.oc20.pickle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Set;

/** The names that PyTorch and PyTorch Geometric need to put a graph into a pickle. */
final class GraphNames implements Vocabulary {
    private static final Global REBUILD = new Global("torch._utils", "_rebuild_tensor_v2");
    private static final Global LOAD = new Global("torch.storage", "_load_from_bytes");
    private static final Global ORDERED_DICT = new Global("collections", "OrderedDict");
    private static final Global SIZE = new Global("torch", "Size");
    private static final Global NUMPY_TYPE = new Global("numpy", "dtype");
    private static final Global NUMPY_SCALAR = new Global("numpy.core.multiarray", "scalar");
    private static final Global NUMPY_2_SCALAR = new Global("numpy._core.multiarray", "scalar");
    /** How protocol 2 writes bytes: as text in Latin-1. */
    private static final Global ENCODE = new Global("_codecs", "encode");

    private static final Set<Global> KNOWN = Set.of(
            REBUILD,
            LOAD,
            ORDERED_DICT,
            SIZE,
            NUMPY_TYPE,
            NUMPY_SCALAR,
            NUMPY_2_SCALAR,
            ENCODE,
            Global.DATA,
            Global.STORE,
            // Classes that a graph of PyTorch Geometric 2 mentions; nothing is made of them.
            new Global("torch_geometric.data.data", "DataTensorAttr"),
            new Global("torch_geometric.data.data", "DataEdgeAttr"));

    private final Budget budget;

    /** @param budget of the record, for what calls make */
    GraphNames(Budget budget) {
        this.budget = budget;
    }

    @Override
    public Global name(String module, String name) throws PickleException {
        var global = new Global(module, name);
        if (!KNOWN.contains(global)) {
            throw new PickleException("refused " + global + ": graphs of tensors do not need it");
        }
        return global;
    }

    @Override
    public Object call(Global function, PyTuple arguments) throws PickleException {
        if (function.equals(REBUILD)) {
            return tensor(arguments);
        } else if (function.equals(LOAD) && arguments.get(0) instanceof ByteBuffer bytes) {
            return StorageFile.read(bytes, budget);
        } else if (function.equals(ORDERED_DICT) && arguments.size() == 0) {
            return new LinkedHashMap<>();
        } else if (function.equals(SIZE) && arguments.get(0) instanceof PyTuple sizes) {
            return sizes;
        } else if (function.equals(NUMPY_TYPE) && arguments.get(0) instanceof String code) {
            return new NumpyType(code);
        } else if ((function.equals(NUMPY_SCALAR) || function.equals(NUMPY_2_SCALAR))
                && arguments.get(0) instanceof NumpyType type
                && arguments.get(1) instanceof ByteBuffer content) {
            return type.scalar(content);
        } else if (function.equals(ENCODE)
                && arguments.get(0) instanceof String text
                && arguments.get(1).equals("latin1")) {
            budget.make(text.length());
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        throw new PickleException("refused a call of " + function + " with these arguments");
    }

    /** (storage, offset, sizes, strides, requires gradient, hooks) */
    private Object tensor(PyTuple arguments) throws PickleException {
        if (arguments.get(0) instanceof Storage storage
                && arguments.get(2) instanceof PyTuple sizes
                && arguments.get(3) instanceof PyTuple strides) {
            var tensor = TensorData.checked(storage, arguments.number(1), sizes.numbers(), strides.numbers());
            budget.make((long) tensor.count() * Double.BYTES);
            return tensor;
        }
        throw new PickleException("a tensor is built of something other than storage, offset, sizes and strides");
    }

    @Override
    public Object create(Global type, PyTuple arguments) throws PickleException {
        if ((type.equals(Global.DATA) || type.equals(Global.STORE)) && arguments.size() == 0) {
            return new Instance(type);
        }
        throw new PickleException("refused an object of " + type);
    }

    @Override
    public Object persistent(Object id) throws PickleException {
        throw new PickleException("refused a persistent identifier outside the bytes of a tensor");
    }
}
