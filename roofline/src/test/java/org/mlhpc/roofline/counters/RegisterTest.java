package org.mlhpc.roofline.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RegisterTest {
    private static OptionalLong counted(long before, long after) {
        return Register.ofWords("r", after).since(Register.ofWords("r", before));
    }

    @Test
    void growthIsTheDifference() {
        assertEquals(OptionalLong.of(7), counted(5_000_000_000L, 5_000_000_007L));
    }

    @Test
    void aRegisterOf32BitsWrapsAround() {
        assertEquals(OptionalLong.of(15), counted(0xFFFF_FFF6L, 5));
    }

    @Test
    void aRegisterThatWasSetBackIsNotMeasured() {
        assertEquals(OptionalLong.empty(), counted(1000, 5));
        assertEquals(OptionalLong.empty(), counted(5_000_000_000L, 5));
    }

    @Test
    void severalWrapsAddUpIfSomebodyLooksBetweenThem() throws IOException {
        Iterator<Long> values = List.of(90L, 10L, 80L, 20L).iterator();
        var counting = new RegisterCounting(() -> List.of(new Register("r", values.next(), 100)), 2);
        counting.keepUp();
        counting.keepUp();

        assertEquals(OptionalDouble.of(2 * (20 + 70 + 40)), counting.stop());
    }
}
