package org.mlhpc.roofline.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleasesTest {
    @Test
    void all_are_made_and_the_first_failure_has_the_later_ones() {
        var made = new ArrayList<String>();
        var first = new GpuException("first", "");
        var second = new GpuException("second", "");
        List<Releases.Call> calls = List.of(
                () -> made.add("a"),
                () -> {
                    throw first;
                },
                () -> made.add("b"),
                () -> {
                    throw second;
                },
                () -> made.add("c"));

        GpuException thrown = assertThrows(GpuException.class, () -> Releases.all(calls));
        assertSame(first, thrown);
        assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
        assertEquals(List.of("a", "b", "c"), made);
    }

    @Test
    void without_a_failure_nothing_is_thrown() throws GpuException {
        var made = new ArrayList<String>();
        Releases.all(List.of(() -> made.add("a")));
        assertEquals(List.of("a"), made);
    }
}
