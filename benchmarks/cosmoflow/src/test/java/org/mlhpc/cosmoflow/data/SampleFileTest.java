package org.mlhpc.cosmoflow.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleFileTest {
    private static final int SIDE = 3;
    private static final float[] TARGETS = {0.5f, -1f, 0f, 0.25f};

    @TempDir
    Path folder;

    private Path written(boolean gzip) throws IOException {
        ByteBuffer x = ByteBuffer.allocateDirect(SIDE * SIDE * SIDE * SampleFile.CHANNELS * Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < x.capacity() / Short.BYTES; i++) {
            x.putShort(i * Short.BYTES, (short) i);
        }
        Path file = folder.resolve("universe_a_000.tfrecord");
        SampleFile.write(file, x, TARGETS, gzip);
        return file;
    }

    private IOException rejected(Path file) {
        return assertThrows(IOException.class, () -> new SampleFile.Reader(SIDE).read(file));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsBackWhatWasWritten(boolean gzip) throws IOException {
        var sample = new SampleFile.Reader(SIDE).read(written(gzip));
        assertArrayEquals(TARGETS, sample.targets());
        for (int i = 0; i < SIDE * SIDE * SIDE * SampleFile.CHANNELS; i++) {
            assertEquals(i, sample.counts().getShort(i * Short.BYTES));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyTruncationIsDetectedAndNamesTheFile(boolean gzip) throws IOException {
        Path file = written(gzip);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertTrue(rejected(file).getMessage().contains(file.toString()));
        }
    }

    @Test
    void everyFlippedBitOfAPlainFileIsDetected() throws IOException {
        Path file = written(false);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            assertTrue(rejected(file).getMessage().contains(file.toString()));
        }
    }

    @Test
    void anotherSampleSizeIsNamedWithTheFix() throws IOException {
        Path file = written(true);
        var e = assertThrows(IOException.class, () -> new SampleFile.Reader(4).read(file));
        assertTrue(e.getMessage().contains("sample_size=3"), e.getMessage());
    }

    @Test
    void theMaskedChecksumIsTheOneOfTheFormat() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        // CRC-32C of the digits is 0xE3069283; rotated right by 15 bits it is 0x2507C60D; plus the mask 0xA282EAD8.
        assertEquals(0x2507C60D + 0xA282EAD8, TfRecord.maskedCrc(digits, 0, digits.length));
    }
}
