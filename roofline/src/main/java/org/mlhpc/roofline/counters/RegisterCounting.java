package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Adds up what several registers counted, over their wraps. */
final class RegisterCounting implements Counting {
    /** Reads the registers. */
    @FunctionalInterface
    interface Reader {
        List<Register> read() throws IOException;
    }

    private final Reader reader;
    private final double unitsPerCount;
    private final Map<String, Register> last = new HashMap<>();
    private double counts;
    private boolean lost;

    /** @param unitsPerCount what one count of a register is worth */
    RegisterCounting(Reader reader, double unitsPerCount) throws IOException {
        this.reader = reader;
        this.unitsPerCount = unitsPerCount;
        reader.read().forEach(register -> last.put(register.key(), register));
    }

    @Override
    public void keepUp() {
        try {
            reader.read().forEach(this::add);
        } catch (IOException e) {
            lost = true;
        }
    }

    private void add(Register now) {
        Register before = last.put(now.key(), now);
        // One that has appeared meanwhile counts from 0.
        OptionalLong counted = before == null ? OptionalLong.of(now.value()) : now.since(before);
        counted.ifPresentOrElse(count -> counts += count, () -> lost = true);
    }

    @Override
    public OptionalDouble stop() {
        keepUp();
        return lost ? OptionalDouble.empty() : OptionalDouble.of(counts * unitsPerCount);
    }

    @Override
    public void close() {}
}
