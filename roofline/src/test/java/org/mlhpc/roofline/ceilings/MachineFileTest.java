package org.mlhpc.roofline.ceilings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;

class MachineFileTest {
    private static final Instant EIGHT = Instant.parse("2026-11-25T08:00:00Z");

    private static final MeasuredCeiling TRIAD = MeasuredCeiling.of(
            Resource.MEMORY, "DRAM", "triad", "", 2, "B/s", new Spread(4e10, 3.9e10, 4.1e10, 5), Optional.empty());

    private static final MeasuredAccelerator DEVICE = new MeasuredAccelerator(
            0,
            "a device",
            "8.0",
            40L << 30,
            true,
            "12.6",
            List.of(AcceleratorCeiling.of(
                    "memory", "copy", "", "B/s", Spread.of(1.4e12), Optional.of(1.555e12), Optional.empty())));

    private static MeasuredMachine machine() {
        return MeasuredMachine.builder()
                .host("node1")
                .measured(EIGHT)
                .cpu("a processor")
                .cores(2)
                .physicalCores(Optional.of(1))
                .memoryBytes(Optional.of(8L << 30))
                .origins(List.of(
                        new Origin(Resource.MEMORY, "node1", EIGHT, 1, 1),
                        new Origin(Resource.NETWORK, "node2", EIGHT, 2, 2)))
                .conditions(List.of("quiet"))
                .ceilings(List.of(TRIAD))
                .collectives(List.of(Collective.of("all-reduce", 1 << 20, 4, new double[] {1e-3, 2e-3})))
                .collectivesInC(List.of(Collective.of("all-reduce", 1 << 20, 4, new double[] {1e-3, 1.5e-3})))
                .accelerators(List.of(DEVICE))
                .notMeasured(List.of(new NotMeasured("accelerator", "no device", "")))
                .build();
    }

    @Test
    void a_machine_comes_back_from_its_file_as_it_was(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("machine.json");
        MachineFile.write(file, machine());
        assertEquals(machine(), MachineFile.read(file));
        assertEquals(List.of("machine.json"), List.of(folder.toFile().list()));
    }

    @Test
    void what_is_not_a_machine_is_refused_with_its_name(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("other.json");
        String text = MachineFile.text(machine());
        assertRefused(file, "{", "is not JSON");
        assertRefused(file, "{}", "format");
        assertRefused(file, "null", "format 1");
        assertRefused(file, text.replace("\"format\" : 1", "\"format\" : 2"), "of format 1");
        assertRefused(file, text.replace("\"threads\" : 2", "\"threads\" : 0"), "no ceiling: memory DRAM triad");
        assertRefused(file, text.replace("\"cores\" : 2", "\"cores\" : 0"), "cores is 0");
        assertRefused(file, text.replace("\"physical_cores\" : 1", "\"physical_cores\" : 3"), "physical_cores is 3");
        assertRefused(
                file,
                text.replaceAll("\"memory_bytes\" : [0-9]+,\\s*\"origins", "\"memory_bytes\" : -1, \"origins"),
                "memory_bytes is -1");
        assertRefused(file, text.replace("4.0E10", "\"Infinity\""), "no ceiling: memory DRAM triad");
        assertRefused(file, text.replace("3.9E10", "-1"), "no ceiling: memory DRAM triad");
        assertRefused(file, text.replace("4.1E10", "\"NaN\""), "no ceiling: memory DRAM triad");
        assertRefused(file, text.replace("\"ranks\" : 4", "\"ranks\" : 1"), "no time of a message: all-reduce");
        assertRefused(file, text.replace("\"all-reduce\"", "\"all-play\""), "no collective: all-play");
        assertRefused(file, text.replace("\"nodes\" : 2", "\"nodes\" : 0"), "the origin of network has 0 nodes");
    }

    private static void assertRefused(Path file, String text, String words) throws IOException {
        Files.writeString(file, text);
        String message =
                assertThrows(IOException.class, () -> MachineFile.read(file)).getMessage();
        assertTrue(message.startsWith(file.toString()) && message.contains(words), message);
    }

    @Test
    void a_rate_above_the_peak_is_a_fault() {
        assertEquals(Optional.empty(), ceiling(99, Optional.of(100.0)).fault());
        assertEquals(Optional.empty(), ceiling(1e30, Optional.empty()).fault());
        MeasuredCeiling impossible = ceiling(120, Optional.of(100.0));
        assertTrue(impossible.fault().orElseThrow().startsWith("120.0 % of the theoretical peak"));
        assertEquals(120, impossible.percentOfPeak().orElseThrow(), 1e-9);
    }

    /** What a measurement finds wrong with itself counts more than a rate above the peak. */
    @Test
    void accelerators_have_faults_of_their_own() {
        Spread rate = Spread.of(120);
        AcceleratorCeiling tooFast =
                AcceleratorCeiling.of("L2", "read", "", "B/s", rate, Optional.of(100.0), Optional.empty());
        assertTrue(tooFast.fault().orElseThrow().startsWith("120.0 % of the theoretical peak"));
        AcceleratorCeiling wrong =
                AcceleratorCeiling.of("L2", "copy", "", "B/s", rate, Optional.of(100.0), Optional.of("wrong sum"));
        assertEquals(
                List.of(
                        "accelerator 0 memory copy: bad",
                        "accelerator 0 L2 read: " + tooFast.fault().orElseThrow(),
                        "accelerator 0 L2 copy: wrong sum"),
                with(new MeasuredAccelerator(0, "", "8.0", 1, true, "12.6", List.of(faulty("bad"), tooFast, wrong)))
                        .faults());
    }

    private static AcceleratorCeiling faulty(String fault) {
        return AcceleratorCeiling.of("memory", "copy", "", "B/s", Spread.of(1), Optional.empty(), Optional.of(fault));
    }

    private static MeasuredMachine with(MeasuredAccelerator... accelerators) {
        return MeasuredMachine.builder()
                .host("node1")
                .cpu("a processor")
                .cores(2)
                .conditions(List.of("accelerator: again"))
                .accelerators(List.of(accelerators))
                .build();
    }

    @Test
    void accelerators_are_replaced_by_those_found_again_alone() {
        MeasuredMachine old = machine();
        MeasuredMachine found = with(new MeasuredAccelerator(0, "another", "9.0", 1, false, "13.0", List.of()));
        MeasuredMachine both = old.replaced(found, EnumSet.noneOf(Resource.class));
        assertEquals(found.accelerators(), both.accelerators());
        assertEquals(old.ceilings(), both.ceilings());
        assertEquals(List.of(), both.notMeasured());
        assertEquals(List.of("quiet", "accelerator: again"), both.conditions());
        MeasuredMachine silent = old.replaced(with(), EnumSet.of(Resource.MEMORY));
        assertEquals(List.of(DEVICE), silent.accelerators());
    }

    @Test
    void a_file_from_before_accelerators_and_times_in_c_is_read(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("machine.json");
        String text = MachineFile.text(machine());
        Files.writeString(
                file,
                text.replaceAll("(?s)\"collectives_in_c\" : \\[.*?\\} \\],\\s*\"not_measured", "\"not_measured")
                        .replaceAll("(?s)\"origins\" : \\[.*?\\} \\],", "")
                        .replaceAll("\"physical_cores\" : 1,", ""));
        assertEquals(Optional.empty(), MachineFile.read(file).origin(Resource.NETWORK));
        assertEquals(Optional.empty(), MachineFile.read(file).physicalCores());
        assertEquals(List.of(), MachineFile.read(file).accelerators());
        assertEquals(List.of(), MachineFile.read(file).collectivesInC());
        assertEquals(machine().ceilings(), MachineFile.read(file).ceilings());
    }

    private static MeasuredCeiling ceiling(double rate, Optional<Double> peak) {
        return MeasuredCeiling.of(
                Resource.COMPUTE, "plain loop", "fma", "fp64", 1, "FLOP/s", new Spread(rate, rate, rate, 1), peak);
    }

    /** On two ranks a ring all-reduce sends half of the vector twice, an all-gather half of the result once. */
    @Test
    void the_bus_carries_what_the_algorithm_needs() {
        assertEquals(1, Collective.busFactor("all-reduce", 2));
        assertEquals(1.5, Collective.busFactor("all-reduce", 4));
        assertEquals(0.75, Collective.busFactor("all-gather", 4));
        assertEquals(1, Collective.busFactor("broadcast", 4));
        Collective row = Collective.of("all-reduce", 1000, 4, new double[] {0.5});
        assertEquals(2000, row.algorithmRate().median());
        assertEquals(3000, row.busRate().median());
    }

    @Test
    void what_is_measured_again_replaces_its_resource_alone() {
        MeasuredMachine old = machine();
        Instant nine = Instant.parse("2026-11-25T09:00:00Z");
        MeasuredMachine found = MeasuredMachine.builder()
                .host("node3")
                .measured(nine)
                .cpu("a processor")
                .cores(2)
                .origins(List.of(new Origin(Resource.MEMORY, "node3", nine, 1, 1)))
                .conditions(List.of("quiet", "memory: again"))
                .ceilings(List.of(ceiling(5, Optional.empty())))
                .notMeasured(List.of(
                        new NotMeasured("accelerator", "no device", ""), new NotMeasured("network", "one process", "")))
                .build();
        MeasuredMachine both = old.replaced(found, EnumSet.of(Resource.MEMORY, Resource.COMPUTE));
        assertEquals(
                List.of(Resource.COMPUTE),
                both.ceilings().stream().map(MeasuredCeiling::resource).toList());
        assertEquals(old.collectives(), both.collectives());
        assertEquals(List.of("quiet", "memory: again"), both.conditions());
        assertEquals(
                List.of("accelerator"),
                both.notMeasured().stream().map(NotMeasured::what).toList());
        assertEquals(nine, both.origin(Resource.MEMORY).orElseThrow().measured());
        assertEquals("node2", both.origin(Resource.NETWORK).orElseThrow().host());
        MeasuredMachine network = old.replaced(found, EnumSet.of(Resource.NETWORK));
        assertEquals(List.of(), network.collectives());
        // Bound ranks do not tell what the machine has.
        assertEquals(old.memoryBytes(), network.memoryBytes());
        assertEquals("node1", network.host());
    }

    /** A job with less memory may measure storage; how much there is belongs to the measurement of memory. */
    @Test
    void memory_that_may_be_used_is_replaced_with_memory_alone() {
        MeasuredMachine old = machine().toBuilder()
                .conditions(List.of("memory: all of it", "storage: once"))
                .build();
        MeasuredMachine found = MeasuredMachine.builder()
                .host("node1")
                .cpu("a processor")
                .cores(2)
                .memoryBytes(Optional.of(4L << 30))
                .conditions(List.of("memory: 4.0 GiB may be used, limited by a job", "storage: again"))
                .build();

        MeasuredMachine storage = old.replaced(found, EnumSet.of(Resource.STORAGE));
        assertEquals(old.memoryBytes(), storage.memoryBytes());
        assertEquals(List.of("memory: all of it", "storage: again"), storage.conditions());

        MeasuredMachine both = old.replaced(found, EnumSet.of(Resource.STORAGE, Resource.MEMORY));
        assertEquals(found.memoryBytes(), both.memoryBytes());
        assertEquals(found.conditions(), both.conditions());
    }
}
