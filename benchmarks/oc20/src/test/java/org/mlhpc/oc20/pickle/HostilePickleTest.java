package org.mlhpc.oc20.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pickles that were made to do harm, and damaged ones. */
class HostilePickleTest {
    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String refusal(byte[] pickle) {
        return assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThrows(
                        PickleException.class, () -> Pickles.readGraph(ByteBuffer.wrap(pickle)))
                .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "builtins, eval",
        "__builtin__, exec",
        "subprocess, Popen",
        "torch, load",
        "torch.serialization, load",
        "torch._utils, _rebuild_tensor_v3",
        "numpy.core.multiarray, _reconstruct",
        "collections, defaultdict",
        "torch_geometric.data.data, Batch",
        "torch_geometric.data, Data"
    })
    void otherNamesAreRefusedByName(String module, String name) {
        String call = "\u0080\u0002c" + module + "\n" + name + "\n(X\u0004\u0000\u0000\u0000echotR.";
        assertTrue(refusal(latin(call)).contains("refused " + module + "." + name), refusal(latin(call)));

        String stackGlobal = "\u0080\u0004\u008c" + (char) module.length() + module + "\u008c" + (char) name.length()
                + name + "\u0093)R.";
        assertTrue(refusal(latin(stackGlobal)).contains("refused " + module + "." + name));
    }

    /** A name that is allowed must not be called with anything else, or be an object's class where it is a function. */
    @Test
    void allowedNamesDoNothingElse() {
        assertTrue(refusal(latin("\u0080\u0002ctorch.storage\n_load_from_bytes\nK\u0001\u0085R."))
                .contains("refused a call of torch.storage._load_from_bytes"));
        assertTrue(refusal(latin("\u0080\u0002ctorch.storage\n_load_from_bytes\n)\u0081."))
                .contains("refused an object of torch.storage._load_from_bytes"));
        assertTrue(refusal(latin("\u0080\u0002ctorch_geometric.data.data\nData\n)R."))
                .contains("refused a call of torch_geometric.data.data.Data"));
        assertTrue(refusal(latin("\u0080\u0002K\u0001Q.")).contains("persistent"));
    }

    /** The inner pickles have names of their own; those of graphs, and of anything else, are not among them. */
    @Test
    void theBytesOfATensorCannotNameAnything() {
        byte[] inner = latin("\u0080\u0002cos\nsystem\n.");
        var pickle = new ByteArrayOutputStream();
        pickle.writeBytes(latin("\u0080\u0004\u008c\rtorch.storage\u008c\u0010_load_from_bytes\u0093C"));
        pickle.write(inner.length);
        pickle.writeBytes(inner);
        pickle.writeBytes(latin("\u0085R."));

        assertEquals("refused os.system within the bytes of a tensor", refusal(pickle.toByteArray()));
    }

    @ParameterizedTest
    @CsvSource({"i", "o", "\u0082", "\u0083", "\u008f", "\u0091", "I", "S", "V", "F", "P", "\u0092", "\u0097"})
    void otherInstructionsAreRefused(String instruction) {
        String message = refusal(latin("\u0080\u0002" + instruction + "1\n."));
        assertTrue(message.contains("is not one that graphs need"), message);
    }

    @Test
    void lengthsAreComparedWithWhatThereIs() {
        assertTrue(refusal(latin("\u0080\u0004B\u00ff\u00ff\u00ff\u007f.")).contains("ends early"));
        assertTrue(refusal(latin("\u0080\u0004\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f."))
                .contains("ends early"));
        assertTrue(refusal(latin("\u0080\u0004\u008b\u00ff\u00ff\u00ff\u007f.")).contains("whole number of"));
        assertTrue(refusal(latin("\u0080\u0004r\u00ff\u00ff\u00ff\u00ff.")).contains("stack"));
        assertTrue(refusal(latin("\u0080\u0004j\u00ff\u00ff\u00ff\u00ff.")).contains("memo"));
        assertTrue(refusal(latin("\u0080\u0004")).contains("ends early"));
        assertTrue(refusal(latin("\u0080\u0001N.")).contains("protocol 1"));
    }

    /** Ten million empty maps in ten million bytes; a list that holds itself; doublings that would be 2^1000 items. */
    @Test
    void bombsDoNotGoOff() {
        byte[] maps = new byte[10_000_000];
        Arrays.fill(maps, (byte) '}');
        assertTrue(refusal(maps).contains("instructions"));
        assertTrue(refusal(latin("\u0080\u0004]\u0094h\u0000a.")).contains("expected an object"));
        String doubling = "\u0080\u0004)" + "2\u0086".repeat(1000) + ".";
        assertTrue(refusal(latin(doubling)).contains("expected an object"));
        assertTrue(refusal(latin("\u0080\u0004}]K\u0001s.")).contains("key of a map"));
    }

    private static final String ENCODE = "c_codecs\nencode\n";

    private static String withLength(String text) {
        byte[] length = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(text.length())
                .array();
        return new String(length, StandardCharsets.ISO_8859_1) + text;
    }

    /** A text of 100 kB in the memo and a hundred thousand calls that copy it would be 10 GB. */
    @Test
    void callsCannotMultiplyAText() {
        String arguments = "X" + withLength("a".repeat(100_000)) + "X" + withLength("latin1") + "\u0086q\u00010";
        String calls = (ENCODE + "h\u0001R").repeat(100_000);
        String message = refusal(latin("\u0080\u0002" + arguments + calls + "."));
        assertTrue(message.contains("would take more than"), message);
    }

    /** Bytes with 900 thousand instructions, opened as a tensor twice: more than one record may have. */
    @Test
    void innerPicklesShareTheBudget() {
        String inner = "\u0080\u0002" + "N0".repeat(450_000) + "N.";
        String magic = new String(
                StorageFile.write(new Storage(Element.FLOAT32, ByteBuffer.allocate(0))), StandardCharsets.ISO_8859_1);
        int version = magic.indexOf('.') + 1;
        int machine = magic.indexOf('.', version) + 1;
        int object = magic.indexOf("\u0080\u0002", machine + 1);
        String file = magic.substring(0, machine) + inner + magic.substring(object);
        String load = "ctorch.storage\n_load_from_bytes\nh\u0001\u0085R";
        String start = "\u0080\u0004B" + withLength(file) + "q\u00010";

        assertTrue(refusal(latin(start + load + ".")).contains("expected an object"));
        assertTrue(refusal(latin(start + load + load + ".")).contains("more than 1000000 instructions"));
    }

    /** Many tensors of one storage, each of which becomes values of its own. */
    @Test
    void tensorsShareTheBudget() {
        String file = new String(
                StorageFile.write(new Storage(Element.INT8, ByteBuffer.allocate(100_000))),
                StandardCharsets.ISO_8859_1);
        String storage = "\u0080\u0004ctorch.storage\n_load_from_bytes\nB" + withLength(file) + "\u0085Rq\u00010";
        String size = "J" + new String(new byte[] {(byte) 0xa0, (byte) 0x86, 1, 0}, StandardCharsets.ISO_8859_1);
        String tensor = "ctorch._utils\n_rebuild_tensor_v2\n(h\u0001K\u0000" + size + "\u0085K\u0001\u0085\u0089NtR";

        assertTrue(refusal(latin(storage + tensor.repeat(2) + ".")).contains("expected an object"));
        assertTrue(refusal(latin(storage + tensor.repeat(3) + ".")).contains("would take more than"));
    }

    /** From 4 bytes of storage. */
    @Test
    void tensorsStayWithinTheirStorage() throws PickleException {
        var storage = new Storage(Element.FLOAT32, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN));

        assertEquals(
                1,
                TensorData.checked(storage, 0, new long[] {1, 1}, new long[] {0, 0})
                        .count());
        assertTensorRefused(storage, 0, new long[] {2}, new long[] {0}, "repeats the elements of a storage of 1");
        assertTensorRefused(storage, 0, new long[] {1L << 40}, new long[] {0}, "expanded tensors are not read");
        assertTensorRefused(storage, 0, new long[] {1L << 40, 1L << 40}, new long[] {0, 0}, "too large");
        assertTensorRefused(storage, 0, new long[] {2}, new long[] {1}, "reaches to element 1");
        assertTensorRefused(storage, 1, new long[] {1}, new long[] {1}, "reaches to element 1");
        assertTensorRefused(storage, -1, new long[] {1}, new long[] {1}, "negative");
        assertTensorRefused(storage, 0, new long[] {-1}, new long[] {1}, "negative");
        assertTensorRefused(storage, 0, new long[] {2}, new long[] {Long.MAX_VALUE}, "");
    }

    private static void assertTensorRefused(Storage s, long offset, long[] sizes, long[] strides, String why) {
        var e = assertThrows(PickleException.class, () -> TensorData.checked(s, offset, sizes, strides));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    /** Whatever is changed: an answer or a refusal, within time, and no other exception. */
    @Test
    void damagedPicklesAreReadOrRefused() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pos", TensorData.of(new float[12], 4, 3));
        fields.put("natoms", 4L);
        byte[] sound = Pickles.writeGraph(fields);
        var random = new Random(1);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int trial = 0; trial < 20_000; trial++) {
                byte[] damaged = sound.clone();
                for (int i = 0; i <= random.nextInt(4); i++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                int length = trial % 3 == 0 ? random.nextInt(damaged.length) : damaged.length;
                try {
                    Pickles.readGraph(ByteBuffer.wrap(damaged, 0, length));
                } catch (PickleException expected) {
                    assertTrue(expected.getMessage().length() < 1000);
                }
            }
        });
    }
}
