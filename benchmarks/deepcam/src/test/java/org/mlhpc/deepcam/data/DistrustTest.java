package org.mlhpc.deepcam.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DistrustTest {
    private static final Path FILE = Path.of("train", "data-1.h5");

    private static IOException failure(Distrust.Reading<?> reading) {
        return assertThrows(IOException.class, () -> Distrust.of(FILE, "climate/data", reading));
    }

    /** The file may be sound. */
    @Test
    void memoryThatRunsOutIsNoDamage() {
        var thrown = new OutOfMemoryError("Java heap space");
        IOException failure = failure(() -> {
            throw thrown;
        });

        assertEquals(
                "not enough memory to read " + FILE + ": fewer loader_threads or more memory", failure.getMessage());
        assertSame(thrown, failure.getCause());
    }

    @Test
    void whatIsDamagedIsNamedWithFileAndDataset() {
        assertEquals(
                "damaged file " + FILE + ": climate/data cannot be read (java.lang.ArithmeticException: overflow);"
                        + " copy or generate it again",
                failure(() -> {
                            throw new ArithmeticException("overflow");
                        })
                        .getMessage());
    }

    /** A part names itself; what it is a part of adds nothing. */
    @Test
    void theInnermostNameStays() {
        IOException failure = assertThrows(
                IOException.class,
                () -> Distrust.of(
                        FILE,
                        () -> Distrust.of(FILE, "climate/data", () -> {
                            throw new StackOverflowError();
                        })));

        assertEquals(
                "damaged file " + FILE + ": climate/data cannot be read (java.lang.StackOverflowError); copy or"
                        + " generate it again",
                failure.getMessage());
    }
}
