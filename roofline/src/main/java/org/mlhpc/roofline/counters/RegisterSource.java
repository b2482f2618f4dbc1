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

    /** What a machine without registers lacks. */
    abstract String lacking();

    /** How to make registers readable that are there. */
    abstract String remedy();

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
            List<Register> registers = registers();
            return registers.isEmpty()
                    ? Availability.missing(lacking(), "")
                    : Availability.covers(registers.stream()
                            .map(register -> register.key().replaceFirst(" .*", ""))
                            .distinct()
                            .collect(Collectors.joining(", ")));
        } catch (IOException e) {
            return Availability.missing("cannot be read: " + FileErrors.message(e), remedy());
        }
    }

    @Override
    public final Counting open() throws IOException {
        Availability availability = availability();
        if (!availability.available()) {
            throw new IOException(name + ": " + availability.detail());
        }
        return new RegisterCounting(this::registers, unitsPerCount);
    }
}
