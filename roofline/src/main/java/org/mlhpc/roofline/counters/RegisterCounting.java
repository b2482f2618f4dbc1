package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.mlhpc.api.FileErrors;

/** Adds up what several registers counted, over their wraps. */
final class RegisterCounting implements Counting {
    /** Reads the registers. */
    @FunctionalInterface
    interface Reader {
        List<Register> read() throws IOException;
    }

    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final Reader reader;
    private final double unitsPerCount;
    private final LongSupplier nanoTime;
    private final Map<String, Register> last = new HashMap<>();
    private long lastNanos;
    private double counts;
    private Optional<String> lost = Optional.empty();

    /** @param unitsPerCount what one count of a register is worth */
    RegisterCounting(Reader reader, double unitsPerCount, LongSupplier nanoTime) throws IOException {
        this.reader = reader;
        this.unitsPerCount = unitsPerCount;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong();
        reader.read().forEach(register -> last.put(register.key(), register));
    }

    @Override
    public void keepUp() {
        try {
            List<Register> registers = reader.read();
            long nanos = nanoTime.getAsLong();
            requireAll(registers);
            double seconds = (nanos - lastNanos) * SECONDS_PER_NANOSECOND;
            registers.forEach(register -> add(register, seconds));
            lastNanos = nanos;
        } catch (IOException e) {
            lose(FileErrors.message(e));
        }
    }

    private void requireAll(List<Register> registers) {
        Set<String> gone = new TreeSet<>(last.keySet());
        gone.removeAll(registers.stream().map(Register::key).collect(Collectors.toSet()));
        if (!gone.isEmpty()) {
            lose(String.join(", ", gone) + " can no longer be read");
        }
    }

    private void add(Register now, double seconds) {
        Register before = last.put(now.key(), now);
        if (before != null && seconds >= now.secondsToWrap()) {
            lose(String.format(
                    Locale.ROOT,
                    "%s was not read for %.3g s and may have wrapped around unseen, which takes %.3g s at least",
                    now.key(),
                    seconds,
                    now.secondsToWrap()));
        }
        // One that has appeared meanwhile counts from 0.
        OptionalLong counted = before == null ? OptionalLong.of(now.value()) : now.since(before);
        counted.ifPresentOrElse(count -> counts += count, () -> lose(now.key() + " was set back"));
    }

    /** The first reason is the one to tell. */
    private void lose(String reason) {
        lost = lost.or(() -> Optional.of(reason));
    }

    @Override
    public Tally stop() {
        keepUp();
        return lost.map(Tally::unknown).orElseGet(() -> Tally.of(counts * unitsPerCount));
    }

    @Override
    public void close() {}
}
