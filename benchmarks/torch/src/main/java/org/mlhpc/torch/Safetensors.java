package org.mlhpc.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mlhpc.api.FileErrors;

/**
 * Tensors by name in a Safetensors file: eight bytes with the length of the header, a JSON header with type, shape and place
 * of each tensor, then the values; all numbers little-endian. Written are float32 and int64, read is float32.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The limit that the format's own implementation sets. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final String METADATA = "__metadata__";

    private Safetensors() {}

    /**
     * Writes {@code tensors}, of type float or long, in their order; under a temporary name first.
     *
     * @throws IllegalArgumentException if a tensor has another type; the message names it
     * @throws IOException if the file cannot be written; the message names it
     */
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        byte[] header = header(tensors);
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (var out = FileChannel.open(
                    partial,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                writeAll(out, littleEndian(Long.BYTES).putLong(header.length).flip());
                writeAll(out, ByteBuffer.wrap(header));
                for (Tensor tensor : tensors.values()) {
                    writeValues(out, tensor);
                }
                out.force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            String why = "cannot write " + file + ": " + FileErrors.message(e) + "; free space or choose another place";
            throw FileErrors.afterRemoving(partial, new IOException(why, e));
        }
    }

    private static byte[] header(Map<String, Tensor> tensors) {
        ObjectNode root = JSON.createObjectNode();
        long offset = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            ObjectNode entry = root.putObject(tensor.getKey());
            entry.put("dtype", type(tensor.getKey(), tensor.getValue()));
            var shape = entry.putArray("shape");
            Arrays.stream(tensor.getValue().shape()).forEach(shape::add);
            long end = offset + tensor.getValue().numel() * tensor.getValue().element_size();
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = root.toString();
        // Values begin at a multiple of eight bytes.
        int padding = Math.floorMod(-text.getBytes(StandardCharsets.UTF_8).length, Long.BYTES);
        return (text + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    }

    private static String type(String name, Tensor tensor) {
        return switch (tensor.scalar_type().intern()) {
            case Float -> "F32";
            case Long -> "I64";
            default ->
                throw new IllegalArgumentException(
                        "tensor " + name + " is neither float nor long, but " + tensor.scalar_type());
        };
    }

    private static void writeValues(FileChannel out, Tensor tensor) throws IOException {
        try (Tensor contiguous = tensor.contiguous();
                BytePointer values = bytes(contiguous)) {
            writeAll(out, values.asByteBuffer());
        }
    }

    private static BytePointer bytes(Tensor tensor) {
        return new BytePointer(tensor.data_ptr()).capacity(tensor.numel() * tensor.element_size());
    }

    private static void writeAll(FileChannel out, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    /**
     * Reads exactly the tensors named in {@code shapes}; the caller closes them.
     *
     * @throws IOException if the file is damaged or a tensor is missing, superfluous or of another type or shape; the
     *     message names file and tensor
     */
    static Map<String, Tensor> read(Path file, Map<String, long[]> shapes) throws IOException {
        try (var in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer length = littleEndian(Long.BYTES);
            readAll(in, length, file);
            long headerBytes = length.getLong(0);
            if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER_BYTES, in.size() - Long.BYTES)) {
                throw new IOException(
                        file + " is not a Safetensors file: its header would have " + headerBytes + " bytes");
            }
            ByteBuffer header = ByteBuffer.allocate((int) headerBytes);
            readAll(in, header, file);
            JsonNode entries = parse(header.array(), file);
            requireSameNames(file, entries, shapes);
            var tensors = new LinkedHashMap<String, Tensor>();
            for (Map.Entry<String, long[]> wanted : shapes.entrySet()) {
                var place = new Place(file, wanted.getKey(), Long.BYTES + headerBytes);
                tensors.put(wanted.getKey(), place.read(in, entries.get(wanted.getKey()), wanted.getValue()));
            }
            return tensors;
        }
    }

    private static JsonNode parse(byte[] header, Path file) throws IOException {
        try {
            JsonNode root = JSON.readTree(header);
            if (root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged: its header is not JSON (" + e.getOriginalMessage() + ")", e);
        }
        throw new IOException(file + " is damaged: its header is not a JSON object");
    }

    private static void requireSameNames(Path file, JsonNode entries, Map<String, long[]> shapes) throws IOException {
        for (String name : shapes.keySet()) {
            if (!entries.has(name)) {
                throw new IOException(file + " has no tensor " + name + "; it belongs to another model");
            }
        }
        var present = new TreeSet<String>();
        entries.fieldNames().forEachRemaining(present::add);
        present.remove(METADATA);
        present.removeAll(shapes.keySet());
        if (!present.isEmpty()) {
            throw new IOException(file + " has tensors this model lacks: " + String.join(", ", present));
        }
    }

    private static void readAll(FileChannel in, ByteBuffer buffer, Path file) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new EOFException(file + " is truncated");
            }
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where one tensor is said to be. */
    private record Place(Path file, String name, long dataBegin) {
        Tensor read(FileChannel in, JsonNode entry, long[] shape) throws IOException {
            long bytes = Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
            require(entry.path("dtype").asText().equals("F32"), "has type " + entry.path("dtype") + " instead of F32");
            long[] found = longs(entry.path("shape"));
            require(
                    Arrays.equals(found, shape),
                    "has shape " + Arrays.toString(found) + " instead of " + Arrays.toString(shape));
            long[] range = longs(entry.path("data_offsets"));
            require(
                    range.length == 2 && range[0] >= 0 && range[1] - range[0] == bytes,
                    "has offsets " + Arrays.toString(range) + ", which do not fit its shape");
            require(dataBegin + range[1] <= in.size(), "ends behind the end of the file: the file is truncated");
            Tensor tensor = torch.empty(shape);
            in.position(dataBegin + range[0]);
            readAll(in, bytes(tensor).asByteBuffer(), file);
            return tensor;
        }

        private void require(boolean condition, String fault) throws IOException {
            if (!condition) {
                throw new IOException(file + ": tensor " + name + " " + fault);
            }
        }

        private static long[] longs(JsonNode array) {
            long[] values = new long[array.size()];
            Arrays.setAll(values, i -> array.get(i).asLong(-1));
            return values;
        }
    }
}
