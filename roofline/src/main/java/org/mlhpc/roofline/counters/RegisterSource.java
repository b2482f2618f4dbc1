package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.mlhpc.api.FileErrors;

/** A source whose registers are in files of the kernel. */
abstract class RegisterSource implements CounterSource {
    private final String name;
    private final Quantity quantity;
    private final Scope scope;
    private final double unitsPerCount;

    /** @param unitsPerCount what one count of a register is worth, in the unit of {@code quantity} */
    RegisterSource(String name, Quantity quantity, Scope scope, double unitsPerCount) {
        this.name = name;
        this.quantity = quantity;
        this.scope = scope;
        this.unitsPerCount = unitsPerCount;
    }

    /**
     * All registers; none if there is no such hardware.
     *
     * @throws IOException if they are there but cannot be read, or a value is none
     */
    abstract List<Register> registers() throws IOException;

    /** Reads {@link #registers} again and again for one counting, which begins now. */
    RegisterCounting.Reader reader() throws IOException {
        return this::registers;
    }

    /** What a machine without registers lacks. */
    abstract String lacking();

    /** What may make registers appear where there are none. */
    abstract String supply();

    /** How to make registers readable that are there. */
    abstract String remedy(IOException failure);

    /** Hardware of this kind that does not count; empty if all does. */
    String silent() throws IOException {
        return "";
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Quantity quantity() {
        return quantity;
    }

    @Override
    public final Scope scope() {
        return scope;
    }

    @Override
    public final Availability availability() {
        try {
            String devices = registers().stream()
                    .map(register -> register.key().replaceFirst(" .*", ""))
                    .distinct()
                    .collect(Collectors.joining(", "));
            String silent = silent();
            if (devices.isEmpty()) {
                return Availability.missing(silent.isEmpty() ? lacking() : without(silent), supply());
            }
            return Availability.covers(silent.isEmpty() ? devices : devices + "; " + without(silent));
        } catch (IOException e) {
            return Availability.missing("cannot be read: " + FileErrors.message(e), remedy(e));
        }
    }

    private static String without(String silent) {
        return "without counters: " + silent;
    }

    @Override
    public final Counting open() throws IOException {
        Availability availability = availability();
        if (!availability.available()) {
            throw new IOException(availability.detail());
        }
        return new RegisterCounting(reader(), unitsPerCount, System::nanoTime);
    }
}
