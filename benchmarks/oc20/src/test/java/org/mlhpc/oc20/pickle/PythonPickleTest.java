package org.mlhpc.oc20.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.torch.oracle.PythonOracle;

/** What Python pickles we read, and what we pickle Python reads. */
class PythonPickleTest {
    @TempDir
    private Path directory;

    private PythonOracle python() throws Exception {
        return new PythonOracle(PythonPickleTest.class, "pickle_oracle.py", directory).assumeModules("torch", "numpy");
    }

    @Test
    void graphsOfBothVersionsAndAllProtocolsAreRead() throws Exception {
        python().run("write", directory.toString());
        for (String version : List.of("old", "new")) {
            for (int protocol = 2; protocol <= 5; protocol++) {
                byte[] pickle = Files.readAllBytes(directory.resolve(version + protocol + ".pkl"));
                check(Pickles.readGraph(ByteBuffer.wrap(pickle)));
            }
        }
    }

    private static void check(Map<String, Object> fields) {
        double[] base = new double[24];
        Arrays.setAll(base, i -> i / 8.0);
        assertArrayEquals(base, doubles(fields, "contiguous"));
        double[] turned = new double[24];
        for (int i = 0; i < 24; i++) {
            // [k, i, j] of the view is [i, j, k] of the storage.
            turned[i] = (i % 6 * 4 + i / 6) / 8.0;
        }
        assertArrayEquals(turned, doubles(fields, "turned"));
        assertArrayEquals(new double[] {13, 14, 17, 18, 21, 22}, times8(doubles(fields, "part")));
        assertArrayEquals(new double[] {2.5}, doubles(fields, "scalar"));
        assertArrayEquals(new double[0], doubles(fields, "empty"));
        assertArrayEquals(new double[] {1, 0, 1}, doubles(fields, "bools"));
        for (Element element : Element.values()) {
            if (element != Element.BOOL) {
                String name = element.name().toLowerCase(Locale.ROOT);
                assertArrayEquals(new double[] {0, 1, 3, 100}, doubles(fields, name), name);
                assertArrayEquals(
                        new long[] {0, 1, 3, 100}, tensor(fields, name).longs(), name);
            }
        }
        assertEquals(7L, fields.get("number"));
        assertEquals(-(1L << 40), fields.get("negative"));
        assertEquals(-0.5, fields.get("real"));
        assertEquals("random123", fields.get("text"));
        assertEquals(true, fields.get("truth"));
        assertFalse(fields.containsKey("nothing"));
        assertEquals(1.25, fields.get("numpy64"));
        assertEquals(-3.5, fields.get("numpy32"));
        assertEquals(-9L, fields.get("numpyint"));
        assertEquals(List.of(1L, 2L), fields.get("pair"));
        assertEquals(Map.of(), fields.get("ordered"));
    }

    private static double[] times8(double[] values) {
        return Arrays.stream(values).map(value -> 8 * value).toArray();
    }

    private static TensorData tensor(Map<String, Object> fields, String name) {
        return (TensorData) fields.get(name);
    }

    private static double[] doubles(Map<String, Object> fields, String name) {
        return tensor(fields, name).doubles();
    }

    @Test
    void whatWeWritePythonReads() throws Exception {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("pos", TensorData.of(new float[] {1, 2, 3, -4.5f, 5, 6}, 2, 3));
        fields.put("tags", TensorData.of(new long[] {0, 1L << 40}, 2));
        fields.put("none_at_all", TensorData.of(new float[0], 0, 3));
        fields.put("natoms", 2L);
        fields.put("large", -(1L << 33));
        fields.put("y", -1.25);
        fields.put("text", "µ");
        fields.put("truth", true);
        fields.put("x", None.NONE);
        Path file = directory.resolve("ours.pkl");
        Files.write(file, Pickles.writeGraph(fields));

        String answer = python().run("read", file.toString());

        assertEquals(
                """
                pos ('torch.float32', [2, 3], [1.0, 2.0, 3.0, -4.5, 5.0, 6.0])
                tags ('torch.int64', [2], [0, 1099511627776])
                none_at_all ('torch.float32', [0, 3], [])
                natoms 2
                large -8589934592
                y -1.25
                text 'µ'
                truth True
                x None
                """,
                answer);
    }
}
