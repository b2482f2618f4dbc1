package org.mlhpc.results.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.entry.PublishedResults;

class ScaleUpTest {
    @Test
    void show() {
        for (int least : new int[] {3, 2}) {
            List<ScaleUp> all = ScaleUp.of(PublishedResults.all(), least);
            all.forEach(each -> System.out.printf(
                    "%s %s pred %.2f [%.2f %.2f] err %.1f%% rate %.0f%% conv %.0f%%%n",
                    each.inWords(),
                    each.target().label(),
                    each.minutes().value(),
                    each.minutes().interval().low(),
                    each.minutes().interval().high(),
                    100 * each.errors().minutes(),
                    100 * each.errors().samplesPerSecond(),
                    100 * each.errors().samplesToConverge()));
            System.out.println(all.stream()
                    .mapToDouble(e -> Math.abs(e.errors().minutes()))
                    .sorted()
                    .boxed()
                    .toList());
        }
        assertEquals("A100", ScaleUp.generationOf("NVIDIA A100-SXM4-80GB (400W)"));
        assertTrue(true);
    }
}
