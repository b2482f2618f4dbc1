package org.mlhpc.roofline.ceilings;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes measured machines member by member; what is not given is unknown, or was not measured. */
public final class MachineBuilder {
    private String host = "";
    private Instant measured = Instant.EPOCH;
    private String cpu = "";
    private int cores = 1;
    private Optional<Integer> physicalCores = Optional.empty();
    private Optional<Long> memoryBytes = Optional.empty();
    private List<Origin> origins = List.of();
    private List<String> conditions = List.of();
    private List<MeasuredCeiling> ceilings = List.of();
    private List<Collective> collectives = List.of();
    private List<Collective> collectivesInC = List.of();
    private List<MeasuredAccelerator> accelerators = List.of();
    private List<NotMeasured> notMeasured = List.of();

    MachineBuilder() {}

    /** Begins with what {@code machine} has. */
    MachineBuilder(MeasuredMachine machine) {
        host = machine.host();
        measured = machine.measured();
        cpu = machine.cpu();
        cores = machine.cores();
        physicalCores = machine.physicalCores();
        memoryBytes = machine.memoryBytes();
        origins = machine.origins();
        conditions = machine.conditions();
        ceilings = machine.ceilings();
        collectives = machine.collectives();
        collectivesInC = machine.collectivesInC();
        accelerators = machine.accelerators();
        notMeasured = machine.notMeasured();
    }

    /** The host and its cores as {@code other} has them. */
    MachineBuilder of(MeasuredMachine other) {
        return host(other.host())
                .measured(other.measured())
                .cores(other.cores())
                .physicalCores(other.physicalCores());
    }

    public MachineBuilder host(String name) {
        host = name;
        return this;
    }

    public MachineBuilder measured(Instant begin) {
        measured = begin;
        return this;
    }

    public MachineBuilder cpu(String model) {
        cpu = model;
        return this;
    }

    /** Logical processors. */
    public MachineBuilder cores(int count) {
        cores = count;
        return this;
    }

    public MachineBuilder physicalCores(Optional<Integer> count) {
        physicalCores = count;
        return this;
    }

    public MachineBuilder memoryBytes(Optional<Long> bytes) {
        memoryBytes = bytes;
        return this;
    }

    public MachineBuilder origins(List<Origin> found) {
        origins = found;
        return this;
    }

    public MachineBuilder conditions(List<String> words) {
        conditions = words;
        return this;
    }

    public MachineBuilder ceilings(List<MeasuredCeiling> found) {
        ceilings = found;
        return this;
    }

    public MachineBuilder collectives(List<Collective> found) {
        collectives = found;
        return this;
    }

    public MachineBuilder collectivesInC(List<Collective> found) {
        collectivesInC = found;
        return this;
    }

    public MachineBuilder accelerators(List<MeasuredAccelerator> found) {
        accelerators = found;
        return this;
    }

    public MachineBuilder notMeasured(List<NotMeasured> found) {
        notMeasured = found;
        return this;
    }

    /** @throws IllegalArgumentException if there can be no such machine */
    public MeasuredMachine build() {
        return new MeasuredMachine(
                MeasuredMachine.FORMAT,
                host,
                measured,
                cpu,
                cores,
                physicalCores,
                memoryBytes,
                origins,
                conditions,
                ceilings,
                collectives,
                collectivesInC,
                accelerators,
                notMeasured);
    }
}
