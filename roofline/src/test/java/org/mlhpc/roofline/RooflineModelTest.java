package org.mlhpc.roofline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RooflineModelTest {
    private static final RooflineModel MACHINE = new RooflineModel(
            "machine",
            List.of(
                    new Ceiling.Compute("fp32", 100),
                    new Ceiling.Bandwidth("disk", Channel.STORAGE, 10),
                    new Ceiling.Bandwidth("link", Channel.NETWORK, 1)));

    @Test
    void arithmeticLimitsWorkThatMovesLittle() {
        var work = new Work(1000, Map.of(Channel.STORAGE, 1.0));

        assertEquals("fp32", MACHINE.binding(work).label());
        assertEquals(100, MACHINE.attainable(work));
    }

    @Test
    void theSlowestChannelLimitsWorkThatMovesMuch() {
        // 20 FLOP a byte over the disk allow 200 FLOP/s, 50 FLOP a byte over the link 50.
        var work = new Work(1000, Map.of(Channel.STORAGE, 50.0, Channel.NETWORK, 20.0));

        assertEquals("link", MACHINE.binding(work).label());
        assertEquals(50, MACHINE.attainable(work));
    }

    @Test
    void aChannelThatWasNotMeasuredNeverBinds() {
        var work = new Work(1000, Map.of());

        assertEquals("fp32", MACHINE.binding(work).label());
        assertThrows(IllegalArgumentException.class, () -> work.intensity(Channel.MEMORY));
    }

    @Test
    void workThatMovesNothingHasInfiniteIntensity() {
        assertEquals(Double.POSITIVE_INFINITY, new Work(1, Map.of(Channel.NETWORK, 0.0)).intensity(Channel.NETWORK));
    }

    @Test
    void aMachineWithoutCeilingsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RooflineModel("nothing", List.of()));
    }
}
