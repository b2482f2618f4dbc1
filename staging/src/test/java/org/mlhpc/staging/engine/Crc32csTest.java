package org.mlhpc.staging.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the JDK's checksum of the whole content. */
class Crc32csTest {
    private static long crc(byte[] bytes, int from, int to) {
        var crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return crc.getValue();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "10, 3", "4096, 4095", "100000, 1", "100000, 65536", "1048577, 524288"})
    void partsGiveTheChecksumOfTheWhole(int length, int cut) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);

        long combined = Crc32cs.combine(crc(bytes, 0, cut), crc(bytes, cut, length), length - cut);

        assertEquals(crc(bytes, 0, length), combined);
    }
}
