package org.mlhpc.roofline.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NvidiaPowerTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path folder;

    private NvidiaPower source(String text) throws IOException {
        return new NvidiaPower(StandIn.script(folder.resolve("nvidia-smi"), text));
    }

    @Test
    void powerOfEachDeviceIsIntegratedByTheTrapeziumRule() {
        var integral = new PowerIntegral();
        integral.add("0, NVIDIA A100-SXM4-40GB, 60.00", 0);
        integral.add("1, NVIDIA A100-SXM4-40GB, 100.50", 0);
        integral.add("0, NVIDIA A100-SXM4-40GB, 400.00", 2 * SECOND);
        integral.add("1, NVIDIA A100-SXM4-40GB, 100.50", 2 * SECOND);

        assertEquals(Tally.of((60 + 400) / 2 * 2 + 100.5 * 2), integral.until(2 * SECOND));
    }

    @Test
    void theLastPowerHoldsUntilTheEnd() {
        var integral = new PowerIntegral();
        integral.add("0, Tesla V100, 50.00", 0);

        assertEquals(Tally.of(50 * 0.5), integral.until(SECOND / 2));
    }

    @Test
    void powerIsNotGuessedOverLongGapsOrWhereADeviceDoesNotTell() {
        var late = new PowerIntegral();
        late.add("0, Tesla V100, 50.00", 0);
        assertEquals(Tally.unknown("device 0 did not tell its power for 11 s, more than 10"), late.until(11 * SECOND));
        var silent = new PowerIntegral();
        silent.add("0, Tesla M10, [N/A]", 0);
        assertEquals(Tally.unknown("no power of a device in '0, Tesla M10, [N/A]'"), silent.until(SECOND));
        assertEquals(Tally.unknown("no device has told its power"), new PowerIntegral().until(SECOND));
        assertFalse(PowerIntegral.allTell(List.of()));
        assertFalse(PowerIntegral.allTell(List.of("0, Tesla M10, [N/A]", "1, Tesla M10, 20.00")));
    }

    @Test
    void aProgramThatTellsThePowerAgainAndAgainIsAsked() throws Exception {
        NvidiaPower source = source(
                """
                case "$*" in *--loop-ms=1000) while sleep 0.05; do echo '0, NVIDIA H100, 100.00'; done ;; esac
                echo '0, NVIDIA H100, 100.00'
                """);
        assertTrue(source.availability().available());
        long before = System.nanoTime();
        Counting counting = source.open();
        long begin = System.nanoTime();
        Thread.sleep(300);
        long end = System.nanoTime();
        Tally tally = counting.stop();
        long after = System.nanoTime();

        double joules = tally.amount().orElseThrow();
        assertTrue(joules >= 100e-9 * (end - begin), joules + " J");
        assertTrue(joules <= 100e-9 * (after - before), joules + " J");
    }

    @Test
    void aProgramThatEndsByItselfHasMeasuredNothing() throws Exception {
        Counting counting = source("echo '0, NVIDIA H100, 100.00'").open();
        ((NvidiaPower.Sampled) counting).reader().join();

        assertEquals(Tally.unknown("nvidia-smi has ended by itself"), counting.stop());
    }

    @Test
    void warningsOfTheDriverAreNoDevices() throws Exception {
        NvidiaPower source = source(
                """
                warn() { echo 'WARNING: infoROM is corrupted at gpu 0000:3B:00.0' >&2; }
                warn
                case "$*" in *--loop-ms=1000) while sleep 0.05; do echo '0, NVIDIA H100, 100.00'; warn; done ;; esac
                echo '0, NVIDIA H100, 100.00'
                """);

        assertEquals(
                Availability.covers("1 devices, estimated from their power, once a second"), source.availability());
        Counting counting = source.open();
        Thread.sleep(300);
        Tally tally = counting.stop();
        assertTrue(tally.amount().orElse(0) > 0, tally::toString);
    }

    @Test
    void aProgramThatNamesNoDeviceTellsNoPower() throws IOException {
        assertFalse(source("echo 'Warning 7: persistence mode is disabled'")
                .availability()
                .available());
    }

    @Test
    void devicesThatDoNotTellTheirPowerComeWithWhatToDo() throws IOException {
        Availability silent = source("echo '0, Tesla M10, [N/A]'").availability();

        assertEquals("these devices do not tell their power", silent.detail());
        assertTrue(silent.remedy().contains("run on the machine itself; else no fix: "), silent.remedy());
    }

    @Test
    void whatIsMissingIsToldFromWhatFails() throws IOException {
        Availability missing = new NvidiaPower(folder.resolve("nvidia-smi").toString()).availability();
        assertEquals("no nvidia-smi: no NVIDIA device, or no driver", missing.detail());
        assertFalse(missing.remedy().isBlank());
        Availability failing = source("echo \"NVIDIA-SMI couldn't find libnvidia-ml.so\"; exit 12")
                .availability();
        assertEquals("nvidia-smi says: NVIDIA-SMI couldn't find libnvidia-ml.so", failing.detail());
        assertThrows(
                IOException.class, () -> new NvidiaPower(folder.resolve("none").toString()).open());
    }
}
