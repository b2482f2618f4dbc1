package org.mlhpc.oc20.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.oc20.pickle.Pickles;
import org.mlhpc.oc20.pickle.TensorData;

/** Whatever a record holds, it is a graph or refused with its place, and takes neither much time nor much memory. */
class HostileGraphTest {
    private static final RadiusGraph RADIUS = new RadiusGraph(4.5, 50);
    private static final String PLACE = "data.0000.lmdb: record '7'";

    private byte[] sound = {};

    @BeforeEach
    void writeAGraph() {
        double[] positions = {0, 0, 0, 0, 0, 2, 0, 0, 3};
        double[] cell = {4, 0, 0, 0, 4, 0, 0, 0, 20};
        sound = GraphCodec.write(new AtomGraph(
                new int[] {29, 8, 1},
                positions,
                cell,
                new double[9],
                new boolean[3],
                new int[3],
                -1.5,
                Optional.of(RADIUS.of(positions, cell)),
                3,
                0));
    }

    /** False if it is refused. */
    private static boolean isGraph(byte[] record) {
        AtomGraph graph;
        try {
            graph = GraphCodec.read(record, PLACE);
        } catch (IOException e) {
            assertTrue(e.getMessage().startsWith(PLACE + ": "), e.getMessage());
            return false;
        }
        try {
            Sample sample = Sample.of(graph, RADIUS);
            if (sample.neighborhood().count() == 0) {
                return false; // As the reader says.
            }
            Collation.of(List.of(sample)).release();
            return true;
        } catch (IllegalArgumentException e) {
            return false; // The reader adds the place.
        }
    }

    @Test
    @Timeout(120)
    void changedBytesGiveAGraphOrAreRefused() {
        var random = new Random(5);
        int refused = 0;
        int rounds = 20_000;
        for (int round = 0; round < rounds; round++) {
            byte[] record = sound.clone();
            for (int change = 0; change <= round % 3; change++) {
                record[random.nextInt(record.length)] = (byte) random.nextInt();
            }
            refused += isGraph(record) ? 0 : 1;
        }
        assertTrue(refused > rounds / 10 && refused < rounds, refused + " refused");
    }

    @Test
    @Timeout(60)
    void shortenedRecordsAreRefused() {
        for (int length = 0; length < sound.length; length++) {
            int bytes = length;
            assertThrows(IOException.class, () -> GraphCodec.read(Arrays.copyOf(sound, bytes), PLACE));
            assertTrue(!isGraph(Arrays.copyOf(sound, bytes)), bytes + " bytes");
        }
        assertTrue(isGraph(sound));
    }

    /** Parts of a record in another order, repeated or left out. */
    @Test
    @Timeout(60)
    void shuffledPiecesGiveAGraphOrAreRefused() {
        var random = new Random(6);
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] record = sound.clone();
            int length = 1 + random.nextInt(64);
            int from = random.nextInt(record.length - length);
            int to = random.nextInt(record.length - length);
            System.arraycopy(sound, from, record, to, length);
            refused += isGraph(record) ? 0 : 1;
        }
        assertTrue(refused > 500, refused + " refused");
    }

    /** Instructions that make much of little: lists in lists, and texts that claim to be long. */
    @ParameterizedTest
    @ValueSource(
            strings = {"(", "]", "}", "(l", ")\u0085", "]2a", "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f"})
    @Timeout(20)
    void floodsOfInstructionsAreRefused(String instruction) {
        byte[] one = instruction.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] record = new byte[2 + 400_000 * one.length + 1];
        record[0] = (byte) 0x80;
        record[1] = 2;
        for (int i = 2; i + one.length < record.length; i += one.length) {
            System.arraycopy(one, 0, record, i, one.length);
        }
        record[record.length - 1] = '.';
        assertTrue(!isGraph(record));
    }

    /** One atom with many edges makes room for as many at each other one. */
    @Test
    void graphsThatWouldFillTheMemoryOfABatchAreRefused() {
        int atoms = 2000;
        int count = 800;
        int[] source = new int[count];
        Arrays.setAll(source, i -> i + 1);
        byte[] record = GraphCodec.write(new AtomGraph(
                filled(atoms),
                new double[3 * atoms],
                new double[] {4, 0, 0, 0, 4, 0, 0, 0, 20},
                new double[3 * atoms],
                new boolean[atoms],
                new int[atoms],
                -1.5,
                Optional.of(new Edges(source, new int[count], new int[3 * count])),
                3,
                0));

        var e = assertThrows(IOException.class, () -> GraphCodec.read(record, PLACE));
        assertTrue(e.getMessage().contains("more than 1000000 places in a batch"), e.getMessage());
    }

    private static int[] filled(int atoms) {
        int[] copper = new int[atoms];
        Arrays.fill(copper, 29);
        return copper;
    }

    @Test
    void valuesThatAreNoGraphAreNamed() {
        for (Object value : List.of("text", 7L, 1.5, new LinkedHashMap<String, Object>())) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("pos", value);
            var e = assertThrows(IOException.class, () -> GraphCodec.read(Pickles.writeGraph(fields), PLACE));
            assertEquals(PLACE + ": field 'pos' is no tensor", e.getMessage());
        }
        Map<String, Object> none = new LinkedHashMap<>();
        none.put("pos", TensorData.of(new float[0], 0, 3));
        var e = assertThrows(IOException.class, () -> GraphCodec.read(Pickles.writeGraph(none), PLACE));
        assertEquals(PLACE + ": has 0 atoms, expected 1 to 4000", e.getMessage());
    }
}
