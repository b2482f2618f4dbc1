package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.harness.MachineProbe;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.AcceleratorCeiling;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MachineFile;
import org.mlhpc.roofline.ceilings.MeasuredAccelerator;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.ceilings.NotMeasured;
import org.mlhpc.roofline.ceilings.Origin;
import org.mlhpc.roofline.measure.Processors;

class RooflineMeasureCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roofline | a command is missing | 2",
                "roofline measure --only network | add --ranks 2 | 2",
                "roofline measure --only disk | --only | 2",
                "roofline measure --steps DRAM --out x.json | leave --out out | 2",
                "roofline measure --only storage --path /nowhere | /nowhere is not a folder | 3",
                "roofline measure --only storage --out /nowhere/x.json | cannot write to the folder of --out | 3"
            })
    void what_cannot_be_is_said_at_once(String arguments, String message, int code) {
        Captured result = Captured.of(arguments.split(" ", -1));
        assertEquals(code, result.code(), result.err());
        assertTrue(result.err().contains(message), result.err());
    }

    @Test
    void one_step_is_measured_and_printed() {
        Captured result = measure("--steps", "metadata", "--format", "csv");
        assertEquals(0, result.code(), result.err());
        List<String> lines = result.out().lines().toList();
        assertTrue(lines.get(0).startsWith("table,resource,level,operation,precision,workers,rate,"), result.out());
        assertEquals(4, lines.size());
        assertTrue(lines.get(1).startsWith("ceilings,storage,metadata,create,,1,"), result.out());
        assertEquals(0, folder.toFile().list().length);
    }

    private Captured measure(String... further) {
        String[] first = {"roofline", "measure", "--quick", "--only", "storage", "--path", folder.toString()};
        String[] all = Arrays.copyOf(first, first.length + further.length);
        System.arraycopy(further, 0, all, first.length, further.length);
        return Captured.of(all);
    }

    /** The file is written under a temporary name first: a folder of that name stands for what can go wrong with it. */
    @Test
    void what_was_measured_is_printed_even_if_it_cannot_be_written() throws IOException {
        Path file = folder.resolve("out/machine.json");
        Files.createDirectories(file.resolveSibling("machine.json.partial/full"));
        Captured result =
                Captured.of("roofline", "measure", "--quick", "--only", "accelerators", "--out", file.toString());
        assertEquals(3, result.code(), result.err());
        assertTrue(result.err().contains("cannot write " + file), result.err());
        assertTrue(result.out().contains("accelerator"), result.out());
    }

    @Test
    void a_file_that_cannot_be_replaced_is_refused_at_once() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Path file = locked.resolve("machine.json");
        MachineFile.write(file, machine(MachineProbe.cpu(), Optional.empty()));
        assumeTrue(locked.toFile().setWritable(false) && !Files.isWritable(locked), "root may write everywhere");
        Captured result = measure("--out", file.toString());
        assertEquals(3, result.code(), result.err());
        assertTrue(result.err().contains("cannot write to the folder of --out " + file), result.err());
        assertEquals("", result.out());
    }

    @Test
    void a_file_of_another_machine_is_left_alone() throws IOException {
        Path file = folder.resolve("machine.json");
        MachineFile.write(file, machine("another processor", Optional.empty()));
        String before = Files.readString(file);
        Captured result = measure("--out", file.toString());
        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains("is of another machine, elsewhere"), result.err());
        assertEquals(before, Files.readString(file));
    }

    @Test
    void a_file_keeps_its_memory_if_memory_is_not_measured() throws IOException {
        Path file = folder.resolve("machine.json");
        MeasuredMachine larger = machine(MachineProbe.cpu(), Optional.empty()).toBuilder()
                .cores(Processors.ofThisProcess().logical())
                .memoryBytes(Optional.of(1L << 50))
                .build();
        MachineFile.write(file, larger);
        Captured result =
                Captured.of("roofline", "measure", "--quick", "--only", "accelerators", "--out", file.toString());
        assertEquals(0, result.code(), result.err());
        assertEquals(larger.memoryBytes(), MachineFile.read(file).memoryBytes());
    }

    @Test
    void a_file_of_a_job_with_more_processors_is_left_alone() throws IOException {
        Path file = folder.resolve("machine.json");
        MeasuredMachine larger = machine(MachineProbe.cpu(), Optional.empty()).toBuilder()
                .cores(1 + Processors.ofThisProcess().logical())
                .build();
        MachineFile.write(file, larger);
        Captured result = measure("--out", file.toString());
        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains("or of another share of it"), result.err());
    }

    @Test
    void text_says_between_which_ranks_the_network_was_measured() throws IOException {
        Instant when = Instant.parse("2026-11-25T08:00:00Z");
        MeasuredMachine machine = machine("a processor", Optional.empty()).toBuilder()
                .origins(List.of(new Origin(Resource.NETWORK, "node7", when, 2, 4)))
                .build();
        String text = new CeilingTable(machine).text(Format.TEXT);
        assertTrue(
                text.contains("network: measured 2026-11-25T08:00:00Z on node7, nodes: 2, ranks on a node: 4\n"), text);
    }

    @Test
    void text_shows_percent_faults_and_what_is_missing() throws IOException {
        String text = new CeilingTable(machine("a processor", Optional.of(50e9))).text(Format.TEXT);
        assertTrue(text.contains("elsewhere: " + MachineProbe.cores() + " x a processor"), text);
        assertTrue(
                text.contains("FAULT: compute plain loop fma fp64, 2 threads: 200.0 % of the theoretical peak"), text);
        assertTrue(text.contains("not measured: accelerator: no device; fix: add one"), text);
        assertTrue(
                text.lines().anyMatch(line -> line.matches("Java +all-reduce +1000 +4 .*2\\.000e-06 +3\\.000e-06")),
                text);
        assertTrue(
                text.lines().anyMatch(line -> line.matches("C +all-reduce +1000 +4 .*4\\.000e-06 +6\\.000e-06")), text);
    }

    @Test
    void csv_has_faults_and_collectives_too() throws IOException {
        String csv = new CeilingTable(machine("a processor", Optional.of(50e9))).text(Format.CSV);
        List<String> lines = csv.lines().toList();
        assertEquals(5, lines.size(), csv);
        List<String> header = List.of(lines.get(0).split(",", -1));
        String[] collective = lines.get(2).split(",", -1);
        assertTrue(lines.get(4).startsWith("faults,"), csv);
        assertTrue(
                lines.get(4).contains("\"compute plain loop fma fp64, 2 threads\",\"200.0 % of the theoretical peak"),
                csv);
        assertEquals("collectives", collective[0]);
        assertEquals("Java", collective[header.indexOf("through")]);
        assertEquals("C", lines.get(3).split(",", -1)[header.indexOf("through")]);
        assertEquals("all-reduce", collective[header.indexOf("operation")]);
        for (String column : List.of("median_us", "lower_quartile_us", "upper_quartile_us")) {
            assertEquals(500_000, Double.parseDouble(collective[header.indexOf(column)]), 1e-6, column);
        }
        assertEquals("", collective[header.indexOf("lower_quartile")], "a rate with a unit of its own");
    }

    /** Here most often the reason why there is no device, and a device's ceilings elsewhere. */
    @Test
    void accelerators_are_measured_or_it_is_said_why_not() throws IOException {
        Path file = folder.resolve("machine.json");
        Captured result =
                Captured.of("roofline", "measure", "--quick", "--only", "accelerators", "--out", file.toString());
        assertEquals(0, result.code(), result.err());
        MeasuredMachine machine = MachineFile.read(file);
        if (machine.accelerators().isEmpty()) {
            assertTrue(result.out().contains("not measured: accelerator: no device: "), result.out());
            assertEquals("accelerator", machine.notMeasured().get(0).what());
        } else {
            assertTrue(result.out().contains("accelerator 0: "), result.out());
        }
    }

    @Test
    void accelerators_stand_in_the_table_with_their_faults() throws IOException {
        AcceleratorCeiling triad = AcceleratorCeiling.of(
                "memory", "triad", "", "B/s", Spread.of(3e12), Optional.of(2e12), Optional.empty());
        var device = new MeasuredAccelerator(0, "a device", "9.0", 80L << 30, true, "12.6", List.of(triad));
        MeasuredMachine plain = machine("a processor", Optional.empty());
        MeasuredMachine machine =
                plain.toBuilder().accelerators(List.of(device)).build();
        String text = new CeilingTable(machine).text(Format.TEXT);
        assertTrue(
                text.contains(
                        "accelerator 0: a device, compute capability 9.0, 80.0 GiB with ECC, driver of CUDA 12.6"),
                text);
        assertTrue(text.contains("FAULT: accelerator 0 memory triad: 150.0 % of the theoretical peak"), text);
        String csv = new CeilingTable(machine).text(Format.CSV);
        assertTrue(csv.contains("accelerator 0,memory,triad,,,3000.0,3000.0,3000.0,GB/s,1,2000.0,150"), csv);
        assertTrue(
                csv.lines()
                        .anyMatch(line -> line.startsWith("faults,")
                                && line.contains(",accelerator 0 memory triad,\"150.0 % of the theoretical peak")),
                csv);
    }

    private static MeasuredMachine machine(String cpu, Optional<Double> peak) {
        return MeasuredMachine.builder()
                .host("elsewhere")
                .cpu(cpu)
                .cores(MachineProbe.cores())
                .ceilings(List.of(MeasuredCeiling.of(
                        Resource.COMPUTE, "plain loop", "fma", "fp64", 2, "FLOP/s", Spread.of(100e9), peak)))
                .collectives(List.of(Collective.of("all-reduce", 1000, 4, new double[] {0.5})))
                .collectivesInC(List.of(Collective.of("all-reduce", 1000, 4, new double[] {0.25})))
                .notMeasured(List.of(new NotMeasured("accelerator", "no device", "add one")))
                .build();
    }
}
