package org.mlhpc.roofline.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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

    /** Counts 2 each; a second passes between readings. */
    private static RegisterCounting counting(List<List<Register>> readings) throws IOException {
        Iterator<List<Register>> next = readings.iterator();
        var nanos = new AtomicLong();
        return new RegisterCounting(next::next, 2, () -> nanos.getAndAdd(1_000_000_000));
    }

    private static Register register(String key, long value, double secondsToWrap) {
        return new Register(key, value, 100, secondsToWrap);
    }

    @Test
    void severalWrapsAddUpIfSomebodyLooksBetweenThem() throws IOException {
        var counting = counting(Stream.of(90, 10, 80, 20)
                .map(value -> List.of(register("r", value, 1.5)))
                .toList());
        counting.keepUp();
        counting.keepUp();

        assertEquals(Tally.of(2 * (20 + 70 + 40)), counting.stop());
    }

    @Test
    void aRegisterThatWasReadTooLateIsNotMeasured() throws IOException {
        var counting = counting(List.of(List.of(register("r", 1, 0.9)), List.of(register("r", 2, 0.9))));

        assertEquals(
                Tally.unknown(
                        "r was not read for 1.00 s and may have wrapped around unseen, which takes 0.900 s at least"),
                counting.stop());
    }

    @Test
    void aRegisterThatIsGoneForAWhileIsNotMeasured() throws IOException {
        Register r = Register.ofWords("r", 1);
        Register s = Register.ofWords("s", 1);
        var counting = counting(List.of(List.of(r, s), List.of(r), List.of(r, s)));
        counting.keepUp();

        assertEquals(Tally.unknown("s can no longer be read"), counting.stop());
    }

    @Test
    void aRegisterThatAppearsCountsFromZero() throws IOException {
        var counting = counting(List.of(List.of(), List.of(Register.ofWords("r", 5))));

        assertEquals(Tally.of(2 * 5), counting.stop());
    }
}
