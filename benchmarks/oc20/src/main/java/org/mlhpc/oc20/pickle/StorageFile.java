package org.mlhpc.oc20.pickle;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A storage as {@code torch.save} writes it without zip file, which is how a tensor goes into a pickle: five pickles (magic
 * number, version, machine, the object with its storage as a persistent identifier, the keys of the storages), then for each
 * key the number of elements as int64 and the elements.
 */
final class StorageFile {
    /** Of PyTorch's files since version 0.1.10; {@code torch.serialization.MAGIC_NUMBER}. */
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    /** {@code torch.serialization.PROTOCOL_VERSION}. */
    private static final long VERSION = 1001;

    private static final int ID_ITEMS = 5;
    private static final String KEY = "0";

    private StorageFile() {}

    /** What a storage is before its elements are known. */
    private record Announced(Element element, String key, long elements) {}

    /** Persistent identifiers of storages, and the names of their classes. */
    private static final class StorageNames implements Vocabulary {
        @Override
        public Global name(String module, String name) throws PickleException {
            if (module.equals("torch") && name.endsWith("Storage")) {
                Element.ofStorageClass(name);
                return new Global(module, name);
            }
            throw new PickleException("refused " + module + "." + name + " within the bytes of a tensor");
        }

        @Override
        public Object call(Global function, PyTuple arguments) throws PickleException {
            throw new PickleException("refused a call of " + function + " within the bytes of a tensor");
        }

        @Override
        public Object create(Global type, PyTuple arguments) throws PickleException {
            throw new PickleException("refused an object of " + type + " within the bytes of a tensor");
        }

        /** ('storage', class, key, device, number of elements[, None]) */
        @Override
        public Object persistent(Object id) throws PickleException {
            if (id instanceof PyTuple tuple
                    && tuple.size() >= ID_ITEMS
                    && tuple.get(0).equals("storage")
                    && tuple.get(1) instanceof Global type
                    && tuple.get(2) instanceof String key
                    && (tuple.size() == ID_ITEMS || tuple.get(ID_ITEMS) == None.NONE)) {
                return new Announced(Element.ofStorageClass(type.name()), key, tuple.number(ID_ITEMS - 1));
            }
            throw new PickleException("the bytes of a tensor name something other than a storage");
        }
    }

    /** The storage; pickles around it come out of {@code budget}. */
    static Storage read(ByteBuffer bytes, Budget budget) throws PickleException {
        var in = new PickleInput(bytes);
        var names = new StorageNames();
        if (!Unpickler.read(in, names, budget).equals(MAGIC)
                || !Unpickler.read(in, names, budget).equals(VERSION)) {
            throw new PickleException("the bytes of a tensor are not a file of torch.save without zip");
        }
        Unpickler.read(in, names, budget); // Sizes of the machine's types, which nothing depends on any more.
        Object object = Unpickler.read(in, names, budget);
        Object keys = Unpickler.read(in, names, budget);
        if (!(object instanceof Announced storage) || !keys.equals(List.of(storage.key()))) {
            throw new PickleException("the bytes of a tensor hold something other than one storage");
        }
        long elements = in.s8();
        if (elements != storage.elements() || elements < 0 || elements > Integer.MAX_VALUE) {
            throw new PickleException("a storage of " + storage.elements() + " elements is followed by " + elements);
        }
        return new Storage(
                storage.element(), in.take(elements * storage.element().bytes()));
    }

    static byte[] write(Storage storage) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new PickleWriter(2).write(MAGIC));
        out.writeBytes(new PickleWriter(2).write(VERSION));
        out.writeBytes(new PickleWriter(2).write(MachineTypes.STATE));
        out.writeBytes(new PickleWriter(2)
                .writePersistent(PyTuple.of(
                        "storage",
                        new Global("torch", storage.element().storageClass()),
                        KEY,
                        "cpu",
                        storage.elements(),
                        None.NONE)));
        out.writeBytes(new PickleWriter(2).write(List.of(KEY)));
        ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.writeBytes(count.putLong(storage.elements()).array());
        byte[] content = new byte[storage.bytes().remaining()];
        storage.bytes().duplicate().get(content);
        out.writeBytes(content);
        return out.toByteArray();
    }
}
