package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mlhpc.harness.projection.Sweep;

class SweepGridTest {
    private static final SweepGrid GRID = new SweepGrid(
            List.of("1x1", "1x2", "2x1"),
            Map.of("sample_size", "32,64"),
            List.of(3L, 4L),
            List.of("none", "20MB/s"),
            2);

    /** Two ranks cannot share a batch of three: five of layouts by batches, each with two sizes, two limits, twice. */
    @Test
    void allCombinationsAreRun() {
        List<String> names = GRID.settings().stream().map(Sweep.Setting::name).toList();
        assertEquals(5 * 2 * 2 * 2, new HashSet<>(names).size());
        assertEquals(5 * 2 * 2 * 2, names.size());
        assertTrue(
                names.contains("2x1_global_batch_size-4_sample_size-64_limit-20000000_repetition-2"), names::toString);
    }

    /** Of 40 runs of three layouts in their own order, the layout would change twice; by chance it does some 25 times. */
    @Test
    void theOrderHasNothingToDoWithTheLayoutAndIsTheSameAgain() {
        List<Sweep.Setting> settings = GRID.settings();
        assertEquals(settings, GRID.settings());
        int changes = 0;
        for (int i = 1; i < settings.size(); i++) {
            changes += layout(settings.get(i)).equals(layout(settings.get(i - 1))) ? 0 : 1;
        }
        assertTrue(changes >= 10, () -> settings.toString());
    }

    private static String layout(Sweep.Setting setting) {
        return setting.ranks() + "x" + setting.threads();
    }
}
