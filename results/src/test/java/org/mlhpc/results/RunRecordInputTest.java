package org.mlhpc.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunRecordInputTest {
    /** A few seconds after a resumption, in which buffers fill, must not stand for the epoch. */
    @Test
    void partsOfAnEpochCountByTheirTime() {
        var earlier = new RunRecord.Input(100, Optional.of(30.0), 2, 1, 4);
        var later = new RunRecord.Input(10, Optional.of(10.0), 1, 9, 4);

        assertEquals(new RunRecord.Input(110, Optional.of(40.0), 2, 3, 4), later.after(Optional.of(earlier), 0.75));
        assertEquals(later, later.after(Optional.empty(), 0));
    }
}
