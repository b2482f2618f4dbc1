package org.mlhpc.oc20.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RankThreads;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.lmdb.RecordFileWriter;
import org.mlhpc.oc20.pickle.Element;
import org.mlhpc.oc20.pickle.None;
import org.mlhpc.oc20.pickle.Pickles;
import org.mlhpc.oc20.pickle.Storage;
import org.mlhpc.oc20.pickle.TensorData;

/** Data as published, and everything that may be wrong with them. */
class GraphDatasetTest {
    private static final int SAMPLES = 6;

    @TempDir
    private Path directory;

    private Path file;

    private static Settings settings() {
        return Settings.load(GraphDatasetTest.class, "dataset.properties");
    }

    private GraphDataset open() throws IOException {
        return new GraphDataset(
                directory, new RunContext(new LocalCommunicator(), settings(), 1, PhaseClock.none(), 2));
    }

    /** Three atoms, the first at {@code sample} tenths of an angstrom, without edges. */
    private static AtomGraph graph(int sample, Optional<Edges> edges) {
        return new AtomGraph(
                new int[] {29, 8, 1},
                new double[] {sample * 0.125, 0, 0, 0, 0, 2, 0, 0, 3},
                new double[] {4, 0, 0, 0, 4, 0, 0, 0, 20},
                new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9},
                new boolean[] {true, false, false},
                new int[] {0, 1, 2},
                -1.5,
                edges,
                sample,
                0);
    }

    private static Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("pos", TensorData.of(new float[] {0, 0, 0, 0, 0, 2, 0, 0, 3}, 3, 3));
        fields.put("cell", TensorData.of(new float[] {4, 0, 0, 0, 4, 0, 0, 0, 20}, 1, 3, 3));
        fields.put("atomic_numbers", TensorData.of(new float[] {29, 8, 1}, 3));
        fields.put("force", TensorData.of(new float[9], 3, 3));
        fields.put("fixed", TensorData.of(new float[3], 3));
        fields.put("y", 1.0);
        return fields;
    }

    private static void write(Path file, List<byte[]> records, long length) throws IOException {
        Files.createDirectories(file.getParent());
        try (var writer = new RecordFileWriter(file)) {
            for (int i = 0; i < records.size(); i++) {
                writer.put("" + i, records.get(i));
            }
            writer.put("length", Pickles.writeNumber(length));
            writer.finish();
        }
    }

    @BeforeEach
    void writeSoundData() throws IOException {
        file = directory.resolve("train/data.0000.lmdb");
        var records = new ArrayList<byte[]>();
        for (int i = 0; i < SAMPLES; i++) {
            records.add(GraphCodec.write(graph(i, Optional.empty())));
        }
        write(file, records.subList(0, 4), 4);
        write(directory.resolve("train/data.0001.lmdb"), records.subList(4, SAMPLES), 2);
        write(directory.resolve("val_id/data.0000.lmdb"), records.subList(0, 3), 3);
    }

    @Test
    void everySampleComesOnceInAnEpoch() throws IOException {
        try (GraphDataset data = open();
                BatchReader<GraphBatch> reader = data.train(1)) {
            assertEquals(3, data.stepsPerEpoch());
            assertEquals(SAMPLES, data.trainSamples());
            assertEquals(3, data.validationSamples());
            int atoms = 0;
            while (reader.next()) {
                GraphBatch batch = reader.batch();
                assertEquals(2, batch.samples());
                assertSame(batch, reader.batch(), "valid until the next one");
                assertEquals(4, batch.free().numel());
                assertEquals(batch.edges(), batch.vectors().size(0));
                atoms += (int) batch.atoms();
            }
            assertEquals(3 * SAMPLES, atoms);
            assertTrue(data.loading().orElseThrow().bytes() > 0);
        }
        try (GraphDataset data = open();
                BatchReader<GraphBatch> reader = data.validation()) {
            int samples = 0;
            while (reader.next()) {
                samples += reader.batch().samples();
            }
            assertEquals(3, samples);
        }
    }

    @Test
    void whatAnInterruptedEpochHasReadIsNotReadAgain() throws IOException {
        try (GraphDataset data = open();
                GraphDataset resumed = open()) {
            List<Double> whole = distances(data.train(2));
            assertEquals(whole.subList(2, 3), distances(resumed.train(2, 2)));
            assertEquals(2, resumed.loading().orElseThrow().samples());
            assertEquals(List.of(), distances(resumed.train(2, 3)));
        }
    }

    /** Coordinates of the edges of each batch, added up: they tell the batches of this data set apart. */
    private static List<Double> distances(BatchReader<GraphBatch> reader) throws IOException {
        var distances = new ArrayList<Double>();
        try (reader) {
            while (reader.next()) {
                distances.add(reader.batch().vectors().abs().sum().item_double());
            }
        }
        return distances;
    }

    @Test
    void theLastBatchMayBeShort() throws IOException {
        Settings odd = settings().with("train_samples", "5");
        try (var data = new GraphDataset(
                        directory, new RunContext(new LocalCommunicator(), odd, 1, PhaseClock.none(), 2));
                BatchReader<GraphBatch> reader = data.train(1)) {
            assertEquals(3, data.stepsPerEpoch());
            assertEquals(5, data.trainSamples());
            assertEquals(5, data.loggedTrainSamples());
            var samples = new ArrayList<Integer>();
            while (reader.next()) {
                samples.add(reader.batch().samples());
            }
            assertEquals(List.of(2, 2, 1), samples);
        }
    }

    @Test
    void graphsComeBackAsTheyWereWritten() throws IOException {
        AtomGraph bare = graph(3, Optional.empty());
        Edges edges = new RadiusGraph(5, 20).of(bare.positions(), bare.cell());
        AtomGraph read = GraphCodec.read(GraphCodec.write(graph(3, Optional.of(edges))), "here");

        assertArrayEquals(bare.atomicNumbers(), read.atomicNumbers());
        assertArrayEquals(bare.positions(), read.positions());
        assertArrayEquals(bare.cell(), read.cell());
        assertArrayEquals(bare.forces(), read.forces());
        assertArrayEquals(bare.fixed(), read.fixed());
        assertArrayEquals(bare.tags(), read.tags());
        assertEquals(-1.5, read.energy());
        assertEquals(3, read.system());
        assertArrayEquals(edges.source(), read.edges().orElseThrow().source());
        assertArrayEquals(edges.target(), read.edges().orElseThrow().target());
        assertArrayEquals(edges.offset(), read.edges().orElseThrow().offset());
    }

    /** Of the stored edges those within the radius remain, which here are the ones that a search within it finds. */
    @Test
    void storedEdgesBeyondTheCutoffAreLeftOut() {
        AtomGraph bare = graph(3, Optional.empty());
        var radius = new RadiusGraph(4.5, 1000);
        Edges longer = new RadiusGraph(7, 1000).of(bare.positions(), bare.cell());

        Neighborhood kept = Sample.of(graph(3, Optional.of(longer)), radius).neighborhood();
        Neighborhood expected = Sample.of(bare, radius).neighborhood();

        assertTrue(kept.count() < longer.count());
        assertArrayEquals(expected.source(), kept.source());
        assertArrayEquals(expected.target(), kept.target());
        assertArrayEquals(expected.vector(), kept.vector());
        assertArrayEquals(expected.reverse(), kept.reverse());
    }

    private String failure() {
        return assertThrows(IOException.class, () -> {
                    try (GraphDataset data = open();
                            BatchReader<GraphBatch> reader = data.train(1)) {
                        while (reader.next()) {
                            assertTrue(reader.batch().samples() > 0);
                        }
                    }
                })
                .getMessage();
    }

    @Test
    void truncatedFilesAreNamed() throws IOException {
        for (long bytes : new long[] {0, 100, 4096, Files.size(file) / 2}) {
            writeSoundData();
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(bytes);
            }
            assertTrue(failure().startsWith(file.toString()), failure());
        }
    }

    @Test
    void otherFilesAreNamed() throws IOException {
        Files.write(file, new byte[1 << 16]);
        assertTrue(failure().contains(file + " is not a sound LMDB file"), failure());
        Files.delete(file);
        Files.delete(directory.resolve("train/data.0001.lmdb"));
        assertTrue(failure().contains("train holds no *.lmdb files"), failure());
    }

    @Test
    void missingRecordsAreNamed() throws IOException {
        byte[] record = GraphCodec.write(graph(0, Optional.empty()));
        try (var writer = new RecordFileWriter(file)) {
            writer.put("0", record);
            writer.put("2", record);
            writer.put("length", Pickles.writeNumber(2));
            writer.finish();
        }
        assertTrue(failure().contains(file + " lacks the record '1'"), failure());
        for (long length : new long[] {-1, 2, 1L << 31, Long.MAX_VALUE}) {
            write(file, List.of(record), length);
            assertEquals(
                    file + ": record 'length' is " + length
                            + ", and beside it there are 1 records: the file is damaged or unfinished, make it again",
                    failure());
        }
        try (var writer = new RecordFileWriter(file)) {
            writer.put("0", GraphCodec.write(graph(0, Optional.empty())));
            writer.finish();
        }
        assertTrue(failure().contains(file + " lacks the record 'length'"), failure());
    }

    /** LMDB keeps the size of a record in the four bytes before flags and the size of the key. */
    @Test
    void recordsLargerThanTheFileAreRefused() throws IOException {
        byte[] sound = Files.readAllBytes(file);
        for (int size : new int[] {Integer.MAX_VALUE, -1}) {
            ByteBuffer damaged = ByteBuffer.wrap(sound.clone()).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at + 9 < sound.length; at += 2) {
                // Flag: on pages of its own. A key of one byte: '0'.
                if (damaged.getInt(at + 4) == 0x1_0001 && damaged.get(at + 8) == '0') {
                    damaged.putInt(at, size);
                }
            }
            Files.write(file, damaged.array());
            String expected =
                    file + ": record '0' says it has " + Integer.toUnsignedString(size) + " bytes, more than the file";
            assertTrue(failure().startsWith(expected), failure());
        }
    }

    @Test
    void maliciousPicklesAreNamedAndDoNothing() throws IOException {
        Path proof = directory.resolve("proof");
        String call = "\u0080\u0002cos\nsystem\nX"
                + (char) (6 + proof.toString().length()) + "\u0000\u0000\u0000touch " + proof + "\u0085R.";
        write(file, List.of(call.getBytes(StandardCharsets.ISO_8859_1)), 1);

        assertEquals(file + ": record '0': refused os.system: graphs of tensors do not need it", failure());
        assertTrue(Files.notExists(proof));
    }

    @ParameterizedTest
    @CsvSource({"pos", "cell", "atomic_numbers", "force", "fixed", "y"})
    void missingFieldsAreNamed(String name) throws IOException {
        Map<String, Object> fields = fields();
        fields.put(name, None.NONE);
        write(file, List.of(Pickles.writeGraph(fields)), 1);

        assertTrue(failure().startsWith(file + ": record '0': field '" + name + "' is missing"), failure());
    }

    @Test
    void wrongShapesAndValuesAreNamed() throws IOException {
        assertField("pos", TensorData.of(new float[6], 3, 2), "has shape [3, 2], expected [any, 3]");
        assertField("force", TensorData.of(new float[6], 2, 3), "has shape [2, 3], expected [3, 3]");
        assertField("cell", TensorData.of(new float[9], 1, 3, 3), "span no volume");
        assertField("pos", TensorData.of(new float[] {0, 0, 0, 0, 0, Float.NaN, 0, 0, 3}, 3, 3), "not finite");
        assertField(
                "atomic_numbers", TensorData.of(new float[] {95, 8, 1}, 3), "95.0, which is no whole number from 1");
        assertField("atomic_numbers", TensorData.of(new float[] {1.5f, 8, 1}, 3), "no whole number");
        assertField("fixed", TensorData.of(new float[] {0, 2, 0}, 3), "no whole number from 0 to 1");
        assertField("edge_index", TensorData.of(new long[] {0, 1, 3, 0}, 2, 2), "holds 3.0");
        assertField("edge_index", TensorData.of(new long[] {0, 1, 1, 0}, 2, 2), "'cell_offsets' is missing");
        assertField("edge_index", TensorData.of(new long[2 * 3001], 2, 3001), "3001 edges, more than 1000 for each");
        assertField("edge_index", TensorData.of(new long[2 * 1001], 2, 1001), "atom 0 has more than 1000 edges");
        assertField("pos", TensorData.of(new float[] {0, 0, 0, 0, -1e12f, 2, 0, 0, 3}, 3, 3), "500 cells away");
        assertField("y", "text", "is no number");
        assertField("y", Double.NaN, "field 'y' holds NaN, which is not finite in float32");
        assertField("y", TensorData.of(new float[] {Float.POSITIVE_INFINITY}, 1), "'y' holds Infinity");
        assertField("y", 1e39, "'y' holds 1.0E39, which is not finite in float32");
        assertField("force", forces(1e39), "'force' holds 1.0E39, which is not finite in float32");
        assertField("fixed", TensorData.of(new float[] {1, 1, 1}, 3), "all atoms are fixed");
    }

    /** Three forces in float64, the first component of which is {@code first}. */
    private static TensorData forces(double first) {
        ByteBuffer bytes = ByteBuffer.allocate(9 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putDouble(0, first);
        return new TensorData(new Storage(Element.FLOAT64, bytes), 0, new long[] {3, 3}, new long[] {3, 1});
    }

    private void assertField(String name, Object value, String message) throws IOException {
        Map<String, Object> fields = fields();
        fields.put(name, value);
        write(file, List.of(Pickles.writeGraph(fields)), 1);

        assertTrue(failure().startsWith(file + ": record '0': "), failure());
        assertTrue(failure().contains(message), failure());
    }

    private GraphDataset open(Path folder, Communicator world) throws IOException {
        return new GraphDataset(folder, new RunContext(world, settings(), 1, PhaseClock.none(), 1));
    }

    /** Found by the one rank that looks, while the other would wait for what it says. */
    @Test
    void whatIsWrongWithTheDataIsSaidOnEveryRank() throws Exception {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) / 2);
        }
        List<String> messages = RankThreads.run(2, world -> assertThrows(
                        IOException.class, () -> open(directory, world).close())
                .getMessage());

        assertTrue(messages.get(0).startsWith(file.toString()), messages.toString());
        assertEquals(messages.get(0), messages.get(1));
    }

    /** As when a file system shows a new file to some nodes before others. */
    @Test
    void oneRankSaysWhichFilesThereAre() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other"));
        List<Long> steps = RankThreads.run(2, world -> {
            try (GraphDataset data = open(world.rank() == 0 ? directory : other, world)) {
                assertEquals(SAMPLES, data.loggedTrainSamples());
                return data.stepsPerEpoch();
            }
        });

        assertEquals(List.of(3L, 3L), steps);
    }
}
