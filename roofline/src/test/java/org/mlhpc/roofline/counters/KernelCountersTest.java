package org.mlhpc.roofline.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counters on files as of a machine that has them all; README.md beside the resources says which were captured. */
class KernelCountersTest extends KernelTree {
    private void copy(String resource, String relative) throws IOException {
        try (InputStream in = KernelCountersTest.class.getResourceAsStream(resource)) {
            write(relative, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void wholeDisksCountAndWhatIsMadeOfThemDoesNot() throws IOException {
        copy("diskstats_written.txt", "proc/diskstats");
        Files.createDirectories(path("sys/block/nvme0n1/device"));
        Files.createDirectories(path("sys/block/sda/device"));
        Files.createDirectories(path("sys/block/dm-0"));
        var disks = new BlockDevices(kernel);

        assertEquals(
                Map.of(
                        "nvme0n1 read", 94761840L,
                        "nvme0n1 written", 61220488L,
                        "sda read", 402168L,
                        "sda written", 1112L),
                values(disks));
        assertEquals(Availability.covers("nvme0n1, sda"), disks.availability());
    }

    @Test
    void whatARealKernelPrintsIsRead() throws IOException {
        copy("diskstats_captured.txt", "proc/diskstats");
        copy("net_dev_captured.txt", "proc/net/dev");
        Files.createDirectories(path("sys/block/vda/device"));
        Files.createDirectories(path("sys/class/net/eth0/device"));

        assertEquals(Map.of("vda read", 1063657442L, "vda written", 2220018480L), values(new BlockDevices(kernel)));
        assertEquals(Map.of("eth0 received", 272712526L, "eth0 sent", 460325L), values(new NetworkInterfaces(kernel)));
    }

    @Test
    void sectorsAreOf512Bytes() throws IOException {
        Files.createDirectories(path("sys/block/sda/device"));
        write("proc/diskstats", "   8       0 sda 10 0 100 1 10 0 200 1 0 1 1 0 0 0 0 0 0\n");
        Counting counting = new BlockDevices(kernel).open();
        write("proc/diskstats", "   8       0 sda 11 0 103 1 12 0 204 1 0 1 1 0 0 0 0 0 0\n");

        assertEquals(Tally.of((3 + 4) * 512), counting.stop());
    }

    @Test
    void interfacesWithHardwareCount() throws IOException {
        copy("net_dev_written.txt", "proc/net/dev");
        Files.createDirectories(path("sys/class/net/eno1/device"));
        Files.createDirectories(path("sys/class/net/hsn0/device"));
        Files.createDirectories(path("sys/class/net/docker0"));

        assertEquals(
                Map.of(
                        "eno1 received", 90210044182L,
                        "eno1 sent", 4410238847L,
                        "hsn0 received", 1000203004005L,
                        "hsn0 sent", 2000406008010L),
                values(new NetworkInterfaces(kernel)));
    }

    /** 262 kJ last for 262 s at 1 kW. */
    @Test
    void energyKnowsHowOftenItMustBeRead() throws IOException {
        domain("intel-rapl:0", "package-0", 1);

        assertEquals(262.1, new PackageEnergy(kernel).registers().get(0).secondsToWrap(), 0.1);
    }

    @Test
    void slingshotValuesCarryTheirTime() throws IOException {
        String telemetry = "sys/class/cxi/cxi0/device/telemetry/";
        write(telemetry + "hni_sts_rx_ok_octets", "90049@1675489372.701036980\n");
        write(telemetry + "hni_sts_tx_ok_octets", "12@1675489372.701040110\n");

        assertEquals(Map.of("cxi0 received", 90049L, "cxi0 sent", 12L), values(new Slingshot(kernel)));
    }

    @Test
    void energyIsThatOfPackagesAndMemoryOverTheWrap() throws IOException {
        domain("intel-rapl:0", "package-0", 262_143_000_000L);
        domain("intel-rapl:0:0", "core", 17);
        domain("intel-rapl:0:1", "dram", 1_000_000);
        domain("intel-rapl:1", "psys", 55);
        Counting counting = new PackageEnergy(kernel).open();
        domain("intel-rapl:0", "package-0", 671_149);
        domain("intel-rapl:0:0", "core", 9_000_000);
        domain("intel-rapl:0:1", "dram", 3_500_000);

        // The range is 262 143 328 850 microjoule.
        assertEquals(0.328850 + 0.671149 + 2.5, counting.stop().amount().orElseThrow(), 1e-9);
    }

    private void domain(String folder, String name, long microjoules) throws IOException {
        String path = "sys/class/powercap/" + folder + "/";
        write(path + "name", name + "\n");
        write(path + "energy_uj", microjoules + "\n");
        write(path + "max_energy_range_uj", "262143328850\n");
    }

    @Test
    void aMachineWithoutHardwareSaysSoAndWhatMayHelp() {
        for (RegisterSource source : new RegisterSource[] {
            new BlockDevices(kernel),
            new NetworkInterfaces(kernel),
            new InfiniBand(kernel),
            new Slingshot(kernel),
            new PackageEnergy(kernel)
        }) {
            Availability availability = source.availability();
            assertFalse(availability.available(), source.name());
            assertFalse(availability.detail().isBlank(), source.name());
            assertFalse(availability.remedy().isBlank(), source.name());
            assertThrows(IOException.class, source::open);
        }
    }

    @Test
    void aFileThatHoldsNoNumberIsNamed() throws IOException {
        domain("intel-rapl:0", "package-0", 1);
        write("sys/class/powercap/intel-rapl:0/energy_uj", "none\n");

        Availability availability = new PackageEnergy(kernel).availability();

        assertFalse(availability.available());
        assertTrue(availability.detail().contains("intel-rapl:0/energy_uj holds 'none'"), availability.detail());
        assertTrue(availability.remedy().contains("chmod a+r"), availability.remedy());
    }
}
