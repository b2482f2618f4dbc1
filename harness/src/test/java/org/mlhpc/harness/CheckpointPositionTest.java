package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.harness.Checkpoint.Position;

class CheckpointPositionTest {
    /** The numbers of the last two have more digits than names are padded to. */
    private static final List<Position> IN_TIME = List.of(
            new Position(1, Optional.of(2L)),
            new Position(1, Optional.of(10L)),
            Position.after(1),
            new Position(2, Optional.of(1L)),
            Position.after(9_999),
            new Position(10_000, Optional.of(99_999_999L)),
            new Position(10_000, Optional.of(100_000_000L)));

    @Test
    void theyAreSortedByTime() {
        var sorted = new ArrayList<>(IN_TIME);
        Collections.reverse(sorted);
        Collections.sort(sorted);

        assertEquals(IN_TIME, sorted);
    }

    @Test
    void eachIsReadFromItsName() {
        for (Position position : IN_TIME) {
            assertEquals(Optional.of(position), Position.ofFileName(position.fileName()));
        }
        assertEquals(Optional.empty(), Position.ofFileName("epoch_0001.json"));
        assertEquals(Optional.empty(), Position.ofFileName("step_00000001"));
    }
}
