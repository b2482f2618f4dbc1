package org.mlhpc.staging.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WorkersTest {
    /** As when memory for its buffer is missing; what it would have copied must not count as copied. */
    @Test
    void aWorkerThatDiesIsAFailure() {
        var e = assertThrows(
                IllegalStateException.class,
                () -> Workers.run("test", 2, stop -> {
                    throw new OutOfMemoryError("direct buffer");
                }));

        assertTrue(String.valueOf(e.getMessage()).contains("direct buffer"), e.getMessage());
    }
}
