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
import org.mlhpc.roofline.FileTree;

class InfiniBandTest extends KernelTree {
    @Test
    void wordsOfFourBytesCountAndTheLongRegistersArePreferred() throws IOException {
        String port = "sys/class/infiniband/mlx5_0/ports/1/";
        write(port + "counters/port_rcv_data", "1000\n");
        write(port + "counters/port_xmit_data", "4294967295\n");
        write(port + "counters_ext/port_xmit_data_64", "9000000000\n");
        write("sys/class/infiniband/hfi1_0/ports/1/counters/port_rcv_data", "5\n");
        write("sys/class/infiniband/hfi1_0/ports/1/counters/port_xmit_data", "6\n");
        Counting counting = new InfiniBand(kernel).open();
        write(port + "counters/port_rcv_data", "1010\n");
        write(port + "counters_ext/port_xmit_data_64", "9000000001\n");

        assertEquals(Tally.of((10 + 1) * 4), counting.stop());
    }

    @Test
    void aRegisterThatHasStoppedIsNotMeasured() throws IOException {
        String counters = "sys/class/infiniband/mthca0/ports/1/counters/";
        write(counters + "port_rcv_data", "1000");
        write(counters + "port_xmit_data", "2000");
        var source = new InfiniBand(kernel);
        Counting counting = source.open();
        write(counters + "port_xmit_data", "4294967295");

        assertTrue(counting.stop().reason().contains("has stopped at its largest value"));
        Availability availability = source.availability();
        assertFalse(availability.available());
        assertTrue(availability.remedy().contains("perfquery"), availability.remedy());
        assertThrows(IOException.class, source::open);
    }

    /** As of drivers with RDMA over Ethernet or of their own kind: some have no files of counters, some have files that say so. */
    @Test
    void portsWithoutCountersAreNamedAndHinderNoOthers() throws IOException {
        String adapters = "sys/class/infiniband/";
        write(adapters + "mlx5_0/ports/1/counters/port_rcv_data", "1000\n");
        write(adapters + "mlx5_0/ports/1/counters/port_xmit_data", "2000\n");
        Files.createDirectories(path(adapters + "rdmap0s6/ports/1/hw_counters"));
        write(adapters + "siw0/ports/1/counters/port_rcv_data", "N/A (no PMA)\n");
        var source = new InfiniBand(kernel);

        assertEquals(Map.of("mlx5_0/1 received", 1000L, "mlx5_0/1 sent", 2000L), values(source));
        assertEquals(Availability.covers("mlx5_0/1; without counters: rdmap0s6/1, siw0/1"), source.availability());

        FileTree.delete(path(adapters + "mlx5_0"));
        Availability none = source.availability();
        assertEquals("without counters: rdmap0s6/1, siw0/1", none.detail());
        assertFalse(none.available());
        assertFalse(none.remedy().contains("perfquery"), none.remedy());
    }

    /** A folder in the place of a file stands for one of a driver that the kernel cannot ask: it is there, and reading fails. */
    @Test
    void aPortThatCannotBeReadHindersNoOthersAndCountsNothingLater() throws IOException {
        String adapters = "sys/class/infiniband/";
        write(adapters + "mlx5_0/ports/1/counters/port_rcv_data", "1000\n");
        write(adapters + "mlx5_0/ports/1/counters/port_xmit_data", "2000\n");
        Path unreadable = path(adapters + "vmw_pvrdma0/ports/1/counters/port_rcv_data");
        Files.createDirectories(unreadable);
        var source = new InfiniBand(kernel);

        assertEquals(Availability.covers("mlx5_0/1; without counters: vmw_pvrdma0/1"), source.availability());
        Counting counting = source.open();
        write(adapters + "mlx5_0/ports/1/counters/port_rcv_data", "1003\n");
        FileTree.delete(unreadable);
        write(adapters + "vmw_pvrdma0/ports/1/counters/port_rcv_data", "7000\n");
        write(adapters + "vmw_pvrdma0/ports/1/counters/port_xmit_data", "8000\n");
        assertEquals(Tally.of(3 * 4), counting.stop());
    }

    @Test
    void aPortThatCanNoLongerBeReadIsNotMeasured() throws IOException {
        String counters = "sys/class/infiniband/mlx5_0/ports/1/counters/";
        write(counters + "port_rcv_data", "1000");
        write(counters + "port_xmit_data", "2000");
        Counting counting = new InfiniBand(kernel).open();
        Files.delete(path(counters + "port_rcv_data"));
        Files.createDirectory(path(counters + "port_rcv_data"));

        assertEquals(Tally.unknown("mlx5_0/1 received, mlx5_0/1 sent can no longer be read"), counting.stop());
    }

    /** An adapter that is taken out while it counts. */
    @Test
    void aPortThatVanishesIsNotMeasured() throws IOException {
        for (String adapter : List.of("mlx5_0", "mlx5_1")) {
            write("sys/class/infiniband/" + adapter + "/ports/1/counters/port_rcv_data", "1");
            write("sys/class/infiniband/" + adapter + "/ports/1/counters/port_xmit_data", "1");
        }
        Counting counting = new InfiniBand(kernel).open();
        FileTree.delete(path("sys/class/infiniband/mlx5_1"));

        assertEquals(Tally.unknown("mlx5_1/1 received, mlx5_1/1 sent can no longer be read"), counting.stop());
    }
}
