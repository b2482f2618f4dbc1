package org.mlhpc.roofline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.TextTree;

/** Against files in the forms that the kernel documents (sysfs-bus-pci, sysfs-class-infiniband, sysfs-class-net, proc(5)). */
class LinksTest {
    @TempDir
    private Path root;

    private void write(String file, String text) throws IOException {
        new TextTree(root).write(file, text);
    }

    private void device(String path, String speed, String width) throws IOException {
        write(path + "/current_link_speed", speed);
        write(path + "/current_link_width", width);
    }

    private void disk(String mounts) throws IOException {
        write("proc/self/mountinfo", mounts);
        Path disk = Files.createDirectories(
                root.resolve("sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/nvme/nvme0/nvme0n1/nvme0n1p2"));
        Path block = Files.createDirectories(root.resolve("sys/dev/block"));
        Files.createSymbolicLink(block.resolve("259:2"), disk);
    }

    /** Four lanes of PCI Express 4: 16 GT/s x 128/130 x 4 / 8 = 7.877 GB/s; the port above has eight. */
    @Test
    void storage_is_behind_the_slowest_link_of_its_path() throws IOException {
        String own = root.toRealPath().toString();
        disk("22 1 259:1 / / rw - ext4 /dev/nvme0n1p1 rw\n23 22 259:2 / " + own + " rw - xfs /dev/nvme0n1p2 rw");
        device("sys/devices/pci0000:00/0000:00:01.0", "16.0 GT/s PCIe", "8");
        device("sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0", "16.0 GT/s PCIe", "4");
        assertEquals(7.877e9, new Links(root).storage(root).orElseThrow(), 1e6);
    }

    @Test
    void links_without_speed_do_not_count() throws IOException {
        disk("22 1 259:2 / / rw - ext4 /dev/vda1 rw");
        device("sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0", "Unknown", "0");
        assertEquals(Optional.empty(), new Links(root).storage(root));
        assertEquals(Optional.empty(), new Links(root.resolve("nowhere")).storage(root));
    }

    /** 200 Gb/s are 25 GB/s; ports that are down and interfaces without hardware do not count. */
    @Test
    void the_network_is_all_ports_that_are_up() throws IOException {
        assertEquals(Optional.empty(), new Links(root).network());
        write("sys/class/net/eth0/device/vendor", "0x15b3");
        write("sys/class/net/eth0/operstate", "up");
        write("sys/class/net/eth0/speed", "10000");
        write("sys/class/net/docker0/operstate", "up");
        write("sys/class/net/docker0/speed", "99999999");
        assertEquals(Optional.of(1.25e9), new Links(root).network());
        Files.createDirectories(root.resolve("sys/class/net/eth0/device/infiniband/mlx5_0"));
        for (String port : new String[] {"1", "2"}) {
            write("sys/class/infiniband/mlx5_0/ports/" + port + "/rate", port + "00 Gb/sec (4X HDR)");
            write("sys/class/infiniband/mlx5_0/ports/" + port + "/state", port.equals("2") ? "4: ACTIVE" : "1: DOWN");
        }
        assertEquals(Optional.of(25e9), new Links(root).network());
        write("sys/class/infiniband/mlx5_1/ports/1/rate", "200 Gb/sec (4X HDR)");
        write("sys/class/infiniband/mlx5_1/ports/1/state", "4: ACTIVE");
        assertEquals(Optional.of(50e9), new Links(root).network());
    }

    /** Of 25 Gb/s Ethernet that is an RDMA port too, and of 200 Gb/s Slingshot, which is not. */
    @Test
    void an_active_port_does_not_hide_interfaces_of_other_adapters() throws IOException {
        write("sys/class/infiniband/mlx5_0/ports/1/rate", "25 Gb/sec (1X EDR)");
        write("sys/class/infiniband/mlx5_0/ports/1/state", "4: ACTIVE");
        write("sys/class/net/eth0/operstate", "up");
        write("sys/class/net/eth0/speed", "25000");
        Files.createDirectories(root.resolve("sys/class/net/eth0/device/infiniband/mlx5_0"));
        write("sys/class/net/hsn0/operstate", "up");
        write("sys/class/net/hsn0/speed", "200000");
        Files.createDirectories(root.resolve("sys/class/net/hsn0/device"));

        assertEquals(Optional.of(225e9 / 8), new Links(root).network());
    }

    /** A blank in the name of a mount point. */
    @Test
    void mount_points_are_unescaped() throws IOException {
        Path place = Files.createDirectories(root.toRealPath().resolve("my data"));
        disk("22 1 1:1 / / rw - ext4 /dev/a rw\n23 22 259:2 / "
                + place.toString().replace(" ", "\\040") + " rw - xfs /dev/b rw");
        device("sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0", "8.0 GT/s PCIe", "1");
        assertEquals(8e9 * 128 / 130 / 8, new Links(root).storage(place).orElseThrow(), 1);
        assertEquals(Optional.empty(), new Links(root).storage(root));
    }
}
