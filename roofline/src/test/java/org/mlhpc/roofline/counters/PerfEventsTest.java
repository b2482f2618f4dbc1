package org.mlhpc.roofline.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against scripts that do as {@code perf} does: {@code perf stat -x, -e EVENTS [-a|-p PID] -- PROGRAM}. */
@Timeout(60)
class PerfEventsTest {
    private static final String VERSION = "[ $1 = --version ] && echo 'perf version 6.1.115' && exit 0\n";
    /** Runs the program, and counts 10 of each event. */
    private static final String COUNT =
            """
            for program; do :; done
            $program
            for event in $(echo $4 | tr , ' '); do
                echo "10,,$event,5001234,62.51,," >&2
            done
            """;

    @TempDir
    private Path folder;

    private PerfTool perf(String text) throws IOException {
        return new PerfTool(StandIn.script(folder.resolve("perf"), text));
    }

    private static PerfEvents events(PerfTool perf, String event) {
        return new PerfEvents(
                perf, "events", Quantity.MEMORY, Scope.NODE, List.of(Map.of(event, 1.0)), Integer.MAX_VALUE);
    }

    @Test
    void numbersHaveAPointWhateverTheLanguageOfTheUser() throws IOException {
        PerfEvents source = events(
                perf(
                        VERSION
                                + """
                        for program; do :; done
                        $program
                        if [ "$LC_ALL" = C ]; then
                            echo '1523.5,MiB,imc/read/,16032884210,100.00,,' >&2
                        else
                            echo '1523,5,MiB,imc/read/,16032884210,100,00,,' >&2
                        fi
                        """),
                "imc/read/");

        assertEquals(Tally.of(1523.5 * (1 << 20)), source.open().stop());
    }

    @Test
    void countingHasBegunWhenItIsSaidTo() throws IOException {
        Path attached = folder.resolve("attached");
        PerfEvents source = events(
                perf(VERSION + "case \"$*\" in *'-- cat') sleep 0.3; touch " + attached + " ;; esac\n" + COUNT),
                "faults");
        assertTrue(source.availability().available());
        assertFalse(Files.exists(attached));
        try (Counting counting = source.open()) {
            assertTrue(Files.exists(attached), "perf has not attached yet");
            assertEquals(Tally.of(10), counting.stop());
        }
    }

    @Test
    void aPerfThatMayNotAttachSaysWhy() throws IOException {
        PerfEvents source = events(
                perf(VERSION
                        + """
                        case "$*" in *"-- cat") echo 'Error: ptrace: Operation not permitted' >&2; exit 255 ;; esac
                        """
                        + COUNT),
                "faults");

        assertTrue(source.availability().available());
        var failure = assertThrows(IOException.class, source::open);
        assertEquals("perf has ended: Error: ptrace: Operation not permitted", failure.getMessage());
    }

    /** Before Skylake-X, and processors of clients: an event that is not known makes perf refuse all. */
    @Test
    void processorsWithoutAvx512CountTheOtherInstructions() throws IOException {
        PerfEvents source = PerfEvents.flop(perf(VERSION
                + """
                case "$*" in *512b*) echo "event syntax error: 'fp_arith_inst_retired.512b_packed_s..'" >&2; exit 129 ;; esac
                """
                + COUNT));

        assertEquals(Tally.of(10 * (1 + 1 + 4 + 2 + 8 + 4)), source.open().stop());
    }

    @Test
    void processorsWithAvx512CountItsInstructionsToo() throws IOException {
        PerfEvents source = PerfEvents.flop(perf(VERSION + COUNT));

        assertEquals(
                Tally.of(10 * (1 + 1 + 4 + 2 + 8 + 4 + 16 + 8)), source.open().stop());
    }

    /** perf gives events of processors with cores of two kinds other names: those of the other kind would be missing. */
    @Test
    void oneOfTwoKindsOfCoresIsNotCountedAlone() throws IOException {
        PerfEvents source = events(perf(VERSION + "echo '10,,cpu_core/flops/u,5001234,100.00,,' >&2\n"), "flops:u");

        Availability availability = source.availability();
        assertFalse(availability.available());
        assertTrue(availability.detail().endsWith("perf counts only cpu_core/flops/u"), availability.detail());
    }

    /** Which of the sets was tried last says nothing. */
    @Test
    void eventsOfOtherProcessorsAreNoReason() throws IOException {
        PerfEvents unknown = PerfEvents.memory(perf(VERSION + "echo \"event syntax error: '$4'\" >&2; exit 129\n"));
        assertEquals(
                "perf knows no such events of this processor or virtual machine",
                unknown.availability().detail());
        PerfEvents closed = PerfEvents.memory(
                perf(
                        VERSION
                                + """
                case "$4" in
                    *data_reads*) echo "$4 needs perf_event_paranoid" >&2; exit 255 ;;
                    *) echo "event syntax error: '$4'" >&2; exit 129 ;;
                esac
                """));
        String reason = closed.availability().detail();
        assertTrue(reason.contains("needs perf_event_paranoid"), reason);
        assertFalse(reason.contains("syntax"), reason);
    }

    /** The wrapper of Ubuntu where the tools of the running kernel are not installed. */
    @Test
    void aPerfOfAnotherKernelIsNotAMissingOne() throws IOException {
        PerfEvents source = events(
                perf(
                        """
                        echo 'WARNING: perf not found for kernel 6.1.0-18' >&2
                        exit 2
                        """),
                "faults");

        Availability availability = source.availability();
        assertEquals("perf does not run: WARNING: perf not found for kernel 6.1.0-18", availability.detail());
        assertTrue(availability.remedy().startsWith("install the perf of this kernel"), availability.remedy());
    }

    @Test
    void aPerfThatCannotBeStartedComesWithWhatToDo() throws IOException {
        Path program = Files.writeString(folder.resolve("perf"), "#!/nowhere/sh\n");
        assertTrue(program.toFile().setExecutable(true));
        Availability availability =
                events(new PerfTool(program.toString()), "faults").availability();

        assertTrue(availability.detail().startsWith("perf cannot be tried: "), availability.detail());
        assertTrue(availability.remedy().contains("perf --version"), availability.remedy());
    }

    @Test
    void aMissingPerfIsToBeInstalled() {
        Availability availability = events(new PerfTool(folder.resolve("perf").toString()), "faults")
                .availability();

        assertEquals("the tool perf is missing", availability.detail());
        assertTrue(availability.remedy().contains("linux-tools"), availability.remedy());
    }
}
