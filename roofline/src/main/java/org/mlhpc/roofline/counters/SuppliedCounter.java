package org.mlhpc.roofline.counters;

import java.util.OptionalLong;
import java.util.function.Supplier;

/** A count that this process keeps itself. */
public final class SuppliedCounter implements CounterSource {
    private static final String SILENT = "the kernel does not tell";

    private final String name;
    private final Quantity quantity;
    private final String covers;
    private final Supplier<OptionalLong> total;

    /**
     * A source of the scope of this process.
     *
     * @param covers what is counted
     * @param total amount so far; empty if it cannot be told
     */
    public SuppliedCounter(String name, Quantity quantity, String covers, Supplier<OptionalLong> total) {
        this.name = name;
        this.quantity = quantity;
        this.covers = covers;
        this.total = total;
    }

    /** Bytes that this process made storage devices read and write. */
    public static SuppliedCounter processStorage() {
        return new SuppliedCounter(
                "process storage (/proc/self/io)",
                Quantity.STORAGE,
                "reads from devices, not from the page cache; network file systems may not count",
                new ProcessStorage()::bytes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Quantity quantity() {
        return quantity;
    }

    @Override
    public Scope scope() {
        return Scope.PROCESS;
    }

    @Override
    public Availability availability() {
        return total.get().isPresent()
                ? Availability.covers(covers)
                : Availability.missing(SILENT, "needs a kernel with task I/O accounting");
    }

    @Override
    public Counting open() {
        OptionalLong before = total.get();
        return new Counting() {
            @Override
            public void keepUp() {}

            @Override
            public Tally stop() {
                OptionalLong now = total.get();
                return before.isPresent() && now.isPresent()
                        ? Tally.of((double) (now.getAsLong() - before.getAsLong()))
                        : Tally.unknown(SILENT);
            }

            @Override
            public void close() {}
        };
    }
}
