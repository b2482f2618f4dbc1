package org.mlhpc.roofline.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counters that programs of the system read for us. */
class ToolCountersTest {
    @TempDir
    private Path folder;

    private static PerfOutput perf(String resource) throws IOException {
        try (InputStream in = ToolCountersTest.class.getResourceAsStream(resource)) {
            return PerfOutput.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    @Test
    void perfSaysBytesInMebibytes() throws IOException {
        PerfOutput output = perf("perf_memory_written.csv");

        assertEquals(Optional.empty(), output.failure());
        Map<String, Double> events = Map.of("uncore_imc/cas_count_read/", 1.0, "uncore_imc/cas_count_write/", 1.0);
        double bytes = output.tally(events).amount().orElseThrow();
        assertEquals((1523.81 + 768.50) * (1 << 20), bytes, 1);
    }

    @Test
    void unitsOfTheProcessorAddUp() {
        PerfOutput output = PerfOutput.parse(List.of(
                "1000,,amd_umc_0/event=0x0a/,1600000000,100.00,,", "2000,,amd_umc_11/event=0x0a/,1600000000,100.00,,"));

        assertEquals(Tally.of(64 * 3000), output.tally(Map.of("amd_umc/event=0x0a/", 64.0)));
    }

    @Test
    void vectorInstructionsCountWithTheirLanes() throws IOException {
        Map<String, Double> events =
                Map.of("fp_arith_inst_retired.scalar_single:u", 1.0, "fp_arith_inst_retired.256b_packed_single:u", 8.0);

        assertEquals(Tally.of(1204 + 8 * 2e7), perf("perf_flop_written.csv").tally(events));
    }

    @Test
    void anEventThatWasNotCountedIsNotZero() throws IOException {
        PerfOutput output = perf("perf_captured.csv");

        assertEquals(Map.of("page-faults", 49.0), output.amounts());
        assertEquals(Tally.unknown("instructions:u is <not supported>"), output.tally(Map.of("instructions:u", 1.0)));
    }

    @Test
    void anEventThatIsNotKnownIsToldInTheFirstLine() throws IOException {
        assertEquals(
                Optional.of("event syntax error: '..avx_ops.all:u'"),
                perf("perf_unknown_event_captured.txt").failure());
    }

    /** Milliseconds are no amount of anything that is counted here. */
    @Test
    void unitsThatAreNotKnownAreNamed() {
        assertEquals(
                Optional.of("task-clock is 0.56 msec"),
                PerfOutput.parse(List.of("0.56,msec,task-clock,564301,100.00,0.451,CPUs utilized"))
                        .failure());
    }

    /** The program that it watched was shorter than the turns that events take. */
    @Test
    void anEventThatHadNoTurnCanBeCountedAndIsNotZero() {
        PerfOutput output = PerfOutput.parse(List.of("17,,a:u,400000,80.00,,", "<not counted>,,b:u,0,0.00,,"));

        assertEquals(Optional.empty(), output.obstacle(Set.of("a:u", "b:u")));
        assertEquals(Optional.of("perf counts only a:u, b:u"), output.obstacle(Set.of("a:u", "c:u")));
        assertEquals(
                Tally.unknown("b:u had no turn at the counters of the processor"),
                output.tally(Map.of("a:u", 1.0, "b:u", 1.0)));
    }

    @Test
    void aPerfThatFailsHasCountedNothing() {
        PerfOutput output = PerfOutput.of(new Tool.Output(137, "17,,a:u,400000,80.00,,"));

        assertEquals(Tally.unknown("perf ended with exit code 137"), output.tally(Map.of("a:u", 1.0)));
    }

    /** Page faults are counted by the kernel, so any machine with perf has them; touching memory causes some. */
    @ParameterizedTest
    @EnumSource(names = {"PROCESS", "NODE"})
    void perfCountsWhileItIsAttached(Scope scope) throws Exception {
        var source = new PerfEvents(
                new PerfTool("perf"), "faults", Quantity.MEMORY, scope, List.of(Map.of("page-faults", 1.0)), 2);
        assumeTrue(source.availability().available(), source.availability().detail());
        Counting counting = source.open();
        int touched = 0;
        for (long end = System.nanoTime() + 1_000_000_000; System.nanoTime() < end; Thread.sleep(1)) {
            touched += ByteBuffer.allocateDirect(1 << 20).put(1 << 19, (byte) 1).get(1 << 19);
        }

        Tally tally = counting.stop();
        assertTrue(tally.amount().orElse(0) > 0, tally + " while " + touched + " pages were touched");
        counting.close();
    }

    @Test
    void aToolThatIsMissingIsToldFromOneThatDoesNotStart() throws IOException {
        assertThrows(Tool.MissingException.class, () -> Tool.run(List.of("mlhpc-no-such-tool")));
        Path broken = Files.writeString(folder.resolve("broken"), "#!/no/such/shell\n");
        assertTrue(broken.toFile().setExecutable(true));
        var failure = assertThrows(IOException.class, () -> Tool.run(List.of(broken.toString())));
        assertFalse(failure instanceof Tool.MissingException, failure.toString());
    }

    /** As Ctrl-C and schedulers end a run: what perf printed goes though nobody stops it. */
    @Test
    void whatPerfPrintsGoesWhenTheProgramIsToldToEnd() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName(),
                        StandIn.script(folder.resolve("perf"), "exec cat"))
                .redirectErrorStream(true)
                .start();
        try (var lines = program.inputReader()) {
            assertEquals("counting", lines.readLine());
            assertEquals(1, printed(temporary));
            program.destroy();
            assertTrue(program.waitFor(30, TimeUnit.SECONDS));
        } finally {
            program.destroyForcibly();
        }
        assertEquals(0, printed(temporary));
    }

    private static int printed(Path temporary) {
        return temporary.toFile().list((parent, name) -> name.startsWith("mlhpc-perf")).length;
    }

    /** Counts by the perf that is given, and waits to be ended. */
    static final class Waiting {
        public static void main(String[] arguments) throws IOException, InterruptedException {
            var perf = new PerfTool(arguments[0]);
            Counting counting = new PerfCounting(perf, Map.of("page-faults", 1.0), Scope.PROCESS);
            System.out.println("counting");
            Thread.sleep(TimeUnit.MINUTES.toMillis(1));
            counting.close();
        }
    }

    /** On any machine: what cannot be read says why, and what can be read counts something that is not negative. */
    @Test
    void everyCounterOfThisMachineCountsOrSaysWhatIsMissing() throws IOException {
        for (CounterSource source : Counters.ofThisMachine()) {
            Availability availability = source.availability();
            assertFalse(availability.detail().isBlank(), source.name());
            if (availability.available()) {
                try (Counting counting = source.open()) {
                    counting.keepUp();
                    Tally tally = counting.stop();
                    assertTrue(tally.amount().orElse(0) >= 0, source.name());
                    assertNotEquals(tally.amount().isPresent(), !tally.reason().isEmpty(), source.name());
                }
            }
        }
    }
}
