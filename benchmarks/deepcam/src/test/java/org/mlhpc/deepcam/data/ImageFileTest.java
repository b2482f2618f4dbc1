package org.mlhpc.deepcam.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.torch.oracle.PythonOracle;

class ImageFileTest {
    private static final int HEIGHT = 4;
    private static final int WIDTH = 6;
    private static final int PIXELS = HEIGHT * WIDTH;

    @TempDir
    private Path directory;

    /** Leaves values as they are. */
    private static Statistics identity() {
        double[] one = new double[Channel.COUNT];
        Arrays.fill(one, 1);
        return new Statistics(new double[Channel.COUNT], one);
    }

    @SuppressWarnings("ArrayRecordComponent") // only its parts are compared
    private record Read(float[] x, long[] labels, long bytes) {}

    private static Read read(Path file, int height, int width, Statistics statistics) throws IOException {
        var x = FloatBuffer.allocate(height * width * Channel.COUNT);
        var labels = LongBuffer.allocate(height * width);
        long bytes = new ImageFile.Reader(height, width, statistics).read(file, ReadLimit.none(), x, labels);
        return new Read(x.array(), labels.array(), bytes);
    }

    private static float[] values() {
        float[] values = new float[PIXELS * Channel.COUNT];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 8f;
        }
        return values;
    }

    private static byte[] labels() {
        byte[] labels = new byte[PIXELS];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (i % PixelClass.COUNT);
        }
        return labels;
    }

    private Path written() throws IOException {
        Path file = directory.resolve("data-1.h5");
        ImageFile.write(file, values(), labels(), HEIGHT, WIDTH);
        return file;
    }

    private Path fixture(String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = ImageFileTest.class.getResourceAsStream(name)) {
            Files.copy(in, file);
        }
        return file;
    }

    private static void assertHoldsTheValues(Read read) {
        assertArrayEquals(values(), read.x());
        for (int i = 0; i < PIXELS; i++) {
            assertEquals(i % PixelClass.COUNT, read.labels()[i]);
        }
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = written();

        Read read = read(file, HEIGHT, WIDTH, identity());

        assertHoldsTheValues(read);
        assertEquals(Files.size(file), read.bytes());
        assertFalse(Files.exists(directory.resolve("data-1.h5.partial")));
    }

    /**
     * Made by PyTables 3.7 and h5py 3.7 on HDF5 1.10.8, with labels of one, two, four and eight bytes. Chunks do not divide the shape;
     * PyTables checks sums of what it then shuffles, h5py of what it has shuffled; lzf is left to jHDF.
     */
    static Stream<String> layouts() {
        return Stream.of(
                "contiguous.h5",
                "chunked.h5",
                "deflate.h5",
                "big-endian.h5",
                "unsigned.h5",
                "shuffle.h5",
                "fletcher32.h5",
                "shuffle-fletcher32.h5",
                "lzf.h5");
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void everyPublishedLayoutIsRead(String name) throws IOException {
        assertHoldsTheValues(read(fixture(name), HEIGHT, WIDTH, identity()));
    }

    /** The HDF5 library itself reads what we write: jHDF calls its writer alpha. */
    @Test
    void theHdf5LibraryReadsWhatIsWritten() throws Exception {
        var python = new PythonOracle(ImageFileTest.class, "read_hdf5.py", directory);
        python.assumeModules("tables", "numpy");
        Path file = written();

        String answer = python.run(file.toString()).strip();

        double sum = 0;
        for (float value : values()) {
            sum += value;
        }
        assertEquals("float32 (4, 6, 16) " + sum + " int8 (4, 6) " + PIXELS, answer);
    }

    @Test
    void channelsAreScaledToTheirRange() throws IOException {
        double[] least = new double[Channel.COUNT];
        double[] greatest = new double[Channel.COUNT];
        Arrays.setAll(least, i -> i);
        Arrays.setAll(greatest, i -> 3 * i + 2);

        float[] x =
                read(written(), HEIGHT, WIDTH, new Statistics(least, greatest)).x();

        for (int i = 0; i < x.length; i++) {
            int channel = i % Channel.COUNT;
            // Two roundings in float32.
            assertEquals((i / 8.0 - channel) / (2 * channel + 2), x[i], 2e-7 * (1 + Math.abs(x[i])));
        }
    }

    private static void assertFails(Path file, String... said) {
        var e = assertThrows(IOException.class, () -> read(file, HEIGHT, WIDTH, identity()));
        for (String part : said) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 50, 300, 1200, 1900})
    void aTruncatedFileIsNamed(int bytes) throws IOException {
        Path file = written();
        assertTrue(Files.size(file) > bytes);
        truncate(file, bytes);

        assertFails(file, "damaged");
    }

    @ParameterizedTest
    @CsvSource({"contiguous.h5, 5000", "chunked.h5, 9000", "deflate.h5, 8000"})
    void aTruncatedFileOfEveryLayoutIsNamed(String name, int bytes) throws IOException {
        Path file = fixture(name);
        truncate(file, Math.min(bytes, (int) Files.size(file) - 1000));

        assertFails(file, "damaged");
    }

    private static void truncate(Path file, int bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    @Test
    void compressedDataWithAChangedByteAreNamed() throws IOException {
        Path file = fixture("deflate.h5");
        byte[] content = Files.readAllBytes(file);
        // Compressed chunks begin with the header of zlib at level 6.
        for (int i = 0; i + 1 < content.length; i++) {
            if (content[i] == 0x78 && (content[i + 1] & 0xff) == 0x9c) {
                content[i + 12] ^= 0x5a;
            }
        }
        Files.write(file, content);

        assertFails(file, "damaged", "climate/");
    }

    @Test
    void aChunkWithAChangedByteDoesNotHaveItsChecksum() throws IOException {
        Path file = fixture("shuffle-fletcher32.h5");
        byte[] content = Files.readAllBytes(file);
        // The exponents of the values, which shuffling puts one after another, and of which one is changed.
        int run = 0;
        for (int i = 0; i < content.length && run < 20; i++) {
            run = content[i] == 0x41 ? run + 1 : 0;
            if (run == 20) {
                content[i] = 0x42;
            }
        }
        assertEquals(20, run);
        Files.write(file, content);

        assertFails(file, "damaged", "climate/data", "checksum");
    }

    /** HDF5 writes the size of a value as a parameter of the filter. */
    @Test
    void aShuffleOfValuesOfAnotherSizeIsRefused() throws IOException {
        Path file = fixture("shuffle.h5");
        byte[] content = Files.readAllBytes(file);
        byte[] name = "shuffle".getBytes(StandardCharsets.US_ASCII);
        int changed = 0;
        for (int i = 0; i + 12 < content.length; i++) {
            if (Arrays.equals(name, Arrays.copyOfRange(content, i, i + name.length)) && content[i + 8] == Float.BYTES) {
                Arrays.fill(content, i + 8, i + 12, (byte) 0xff);
                changed++;
            }
        }
        assertTrue(changed > 0);
        Files.write(file, content);

        assertFails(file, "damaged", "shuffled for values of another size than 4");
    }

    /** HDF5 itself would fill it with zeros, which are as good as any data to a network. */
    @Test
    void aChunkThatWasNeverWrittenIsNamed() throws IOException {
        assertFails(fixture("missing-chunk.h5"), "damaged", "climate/data cannot be read", "[2, 0, 0]");
    }

    @Test
    void anotherShapeIsNamedWithBoth() throws IOException {
        Path file = written();
        var e = assertThrows(IOException.class, () -> read(file, 8, 12, identity()));

        assertEquals(file + ": climate/data has shape [4, 6, 16], expected [8, 12, 16]", e.getMessage());
    }

    @Test
    void missingDatasetsAndOtherTypesAreNamed() throws IOException {
        Path file = directory.resolve("a.h5");
        H5File.write(file, Map.of("data", new float[HEIGHT][WIDTH][16]));
        assertFails(file, "no dataset climate/labels_0");
        Path doubles = directory.resolve("b.h5");
        H5File.write(doubles, Map.of("data", new double[HEIGHT][WIDTH][16], "labels_0", new byte[HEIGHT][WIDTH]));
        assertFails(doubles, "climate/data holds double values of 8 bytes, expected float32");
        Path floats = directory.resolve("c.h5");
        H5File.write(floats, Map.of("data", new float[HEIGHT][WIDTH][16], "labels_0", new float[HEIGHT][WIDTH]));
        assertFails(floats, "climate/labels_0 holds float values", "expected integers");
    }

    /** HDF5 allows any size; these would be read wrongly, as if they had eight bytes. */
    @ParameterizedTest
    @ValueSource(bytes = {3, 16})
    void integersOfUnusualSizesAreRefused(byte size) throws IOException {
        Path file = fixture("contiguous.h5");
        byte[] content = Files.readAllBytes(file);
        // Class 1 of version 1, then flags, and the size of the int64 labels.
        int type = new String(content, StandardCharsets.ISO_8859_1).indexOf("\u0010\b\0\0\b\0\0\0\0\0@\0");
        assertTrue(type >= 0);
        content[type + 4] = size;
        Files.write(file, content);

        assertFails(file, "climate/labels_0 holds integers of " + size + " bytes, expected 1, 2, 4 or 8");
    }

    /** jHDF itself says only that it failed to open it. */
    @Test
    void whyAFileCannotBeWrittenIsSaid() {
        Path file = directory.resolve("none").resolve("data-1.h5");

        var e = assertThrows(IOException.class, () -> ImageFile.write(file, values(), labels(), HEIGHT, WIDTH));

        assertTrue(e.getMessage().endsWith(file + ".partial: no such file"), e.getMessage());
    }

    @Test
    void aMissingFileIsNamed() {
        assertFails(directory.resolve("none.h5"), "missing");
    }

    @ParameterizedTest
    @ValueSource(bytes = {3, -1})
    void aLabelOutOfRangeIsNamedWithItsPlace(byte label) throws IOException {
        byte[] labels = labels();
        labels[2 * WIDTH + 5] = label;
        Path file = directory.resolve("data-1.h5");
        ImageFile.write(file, values(), labels, HEIGHT, WIDTH);

        assertFails(file, "climate/labels_0 has label " + label + " in row 2, column 5, expected 0 to 2");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void anInfiniteValueIsNamedWithItsRow(float value) throws IOException {
        float[] values = values();
        values[(3 * WIDTH + 1) * Channel.COUNT + 4] = value;
        Path file = directory.resolve("data-1.h5");
        ImageFile.write(file, values, labels(), HEIGHT, WIDTH);

        assertFails(file, "climate/data", "not finite", "row 3");
    }
}
