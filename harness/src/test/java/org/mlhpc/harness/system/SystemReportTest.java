package org.mlhpc.harness.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.rules.tree.SubmissionChecker;

/** Descriptions of nodes whose files hold what Linux writes on machines of different kinds. */
class SystemReportTest {
    @TempDir
    private Path root;

    private static void write(Path root, String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    /** Two sockets of two cores with two threads each, DDR4, NVMe, InfiniBand, two GPUs. */
    private static void writeGpuNode(Path root, String memoryKibibytes) throws IOException {
        var cpuinfo = new StringBuilder();
        for (int cpu = 0; cpu < 8; cpu++) {
            String folder = "sys/devices/system/cpu/cpu" + cpu + "/topology/";
            write(root, folder + "physical_package_id", String.valueOf(cpu / 2 % 2));
            write(root, folder + "core_cpus_list", cpu % 4 + "," + (cpu % 4 + 4));
            cpuinfo.append("processor\t: " + cpu + "\nmodel name\t: Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz\n")
                    .append("cpu MHz\t\t: 3200.000\n\n");
        }
        write(root, "sys/devices/system/cpu/cpufreq/boost", "1");
        write(root, "proc/cpuinfo", cpuinfo.toString());
        write(root, "proc/meminfo", "MemTotal:       " + memoryKibibytes + " kB\nMemFree:        1 kB");
        String[][] caches = {{"1", "Data", "48K"}, {"1", "Instruction", "32K"}, {"2", "Unified", "1280K"}};
        for (int i = 0; i < caches.length; i++) {
            String folder = "sys/devices/system/cpu/cpu0/cache/index" + i + "/";
            write(root, folder + "level", caches[i][0]);
            write(root, folder + "type", caches[i][1]);
            write(root, folder + "size", caches[i][2]);
        }
        for (String dimm : List.of("mc0/dimm0", "mc1/dimm0")) {
            write(root, "sys/devices/system/edac/mc/" + dimm + "/size", "32768");
            write(root, "sys/devices/system/edac/mc/" + dimm + "/dimm_mem_type", "Registered-DDR4");
        }
        write(root, "sys/block/nvme0n1/size", "3750748848");
        write(root, "sys/block/nvme0n1/device/model", "x");
        write(root, "sys/block/loop0/size", "1000");
        for (String port : List.of("mlx5_0/ports/1", "mlx5_1/ports/1")) {
            write(root, "sys/class/infiniband/" + port + "/link_layer", "InfiniBand");
            write(root, "sys/class/infiniband/" + port + "/state", "4: ACTIVE");
            write(root, "sys/class/infiniband/" + port + "/rate", "200 Gb/sec (4X HDR)");
        }
        write(root, "sys/class/net/ib0/device/vendor", "x");
        write(root, "sys/class/net/ib0/type", "32");
        write(root, "sys/class/net/eth0/device/vendor", "x");
        write(root, "sys/class/net/eth0/type", "1");
        write(root, "sys/class/net/eth0/speed", "25000");
        write(root, "sys/class/net/eth1/device/vendor", "x");
        write(root, "sys/class/net/eth1/operstate", "down");
        write(root, "sys/class/net/lo/type", "772");
        write(root, "sys/bus/pci/devices/0000:01:00.0/class", "0x030200");
        for (String gpu : List.of("0000:01:00.0", "0000:41:00.0")) {
            write(root, "proc/driver/nvidia/gpus/" + gpu + "/information", "Model: \t\t NVIDIA A100-SXM4-80GB\nIRQ: 1");
        }
        write(root, "etc/os-release", "NAME=\"Rocky Linux\"\nPRETTY_NAME=\"Rocky Linux 8.6 (Green Obsidian)\"");
        write(root, "proc/sys/kernel/osrelease", "4.18.0-372.el8.x86_64");
    }

    private static Map<String, String> describe(Path root, Map<String, String> given) {
        return SystemReport.of(new LocalCommunicator(), new SystemTree(root), "", given)
                .fields();
    }

    @Test
    void aGpuNodeIsDescribedByWhatLinuxSays() throws IOException {
        writeGpuNode(root, "527942740");

        Map<String, String> fields = describe(root, Map.of());

        assertEquals("2", fields.get("host_processors_per_node"));
        assertEquals("2", fields.get("host_processor_core_count"));
        assertEquals("4", fields.get("host_processor_vcpu_count"));
        assertEquals("Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", fields.get("host_processor_model_name"));
        assertEquals("2.00 GHz", fields.get("host_processor_frequency"));
        assertEquals("L1d 48K, L1i 32K, L2 1280K", fields.get("host_processor_caches"));
        assertEquals("503.5 GiB", fields.get("host_memory_capacity"));
        assertEquals("2x 32 GiB Registered-DDR4", fields.get("host_memory_configuration"));
        assertEquals("NVMe SSD", fields.get("host_storage_type"));
        assertEquals("1.92 TB NVMe SSD", fields.get("host_storage_capacity"));
        assertEquals("1x Ethernet 25000 Mb/s, 2x InfiniBand 200 Gb/sec (4X HDR)", fields.get("host_networking"));
        assertEquals("2", fields.get("accelerators_per_node"));
        assertEquals("NVIDIA A100-SXM4-80GB", fields.get("accelerator_model_name"));
        assertEquals("Rocky Linux 8.6 (Green Obsidian), Linux 4.18.0-372.el8.x86_64", fields.get("operating_system"));
        // Two sockets have a link, of which Linux says nothing.
        assertEquals(SystemReport.UNKNOWN, fields.get("host_processor_interconnect"));
        assertEquals(SystemReport.UNKNOWN, fields.get("accelerator_memory_capacity"));
    }

    @Test
    void aProcessorWithoutANameAndANodeWithoutAcceleratorsAreNotMadeUp() throws IOException {
        for (int cpu = 0; cpu < 48; cpu++) {
            String folder = "sys/devices/system/cpu/cpu" + cpu + "/topology/";
            write(root, folder + "physical_package_id", "0");
            write(root, folder + "thread_siblings_list", String.valueOf(cpu));
        }
        write(root, "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "2200000");
        write(root, "proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 200.00\nCPU implementer\t: 0x46");
        Files.createDirectories(root.resolve("sys/bus/platform"));

        Map<String, String> fields = describe(root, Map.of());

        assertEquals("1", fields.get("host_processors_per_node"));
        assertEquals("48", fields.get("host_processor_core_count"));
        assertEquals("48", fields.get("host_processor_vcpu_count"));
        assertEquals("2.20 GHz", fields.get("host_processor_frequency"));
        assertEquals(SystemReport.UNKNOWN, fields.get("host_processor_model_name"));
        assertEquals("N/A", fields.get("host_processor_interconnect"));
        assertEquals("0", fields.get("accelerators_per_node"));
        assertEquals("N/A", fields.get("accelerator_model_name"));
    }

    @Test
    void anAcceleratorOfAnotherMakerIsCountedButNotNamed() throws IOException {
        write(root, "sys/bus/pci/devices/0000:c1:00.0/class", "0x120000");
        write(root, "sys/bus/pci/devices/0000:c2:00.0/class", "0x038000");
        write(root, "sys/bus/pci/devices/0000:03:00.0/class", "0x030000");

        Map<String, String> fields = describe(root, Map.of());

        assertEquals("2", fields.get("accelerators_per_node"));
        assertEquals(SystemReport.UNKNOWN, fields.get("accelerator_model_name"));
    }

    @Test
    void ofNothingNothingIsKnownAndEveryFieldIsAText() {
        var report = SystemReport.of(new LocalCommunicator(), new SystemTree(root), "", Map.of());

        assertEquals(
                SubmissionChecker.systemFields(), List.copyOf(report.fields().keySet()));
        assertEquals(33, report.fields().size());
        assertEquals(SystemReport.UNKNOWN, report.fields().get("accelerators_per_node"));
        assertEquals(SystemReport.UNKNOWN, report.fields().get("host_memory_capacity"));
        assertTrue(report.missing().contains("submitter"), report.missing().toString());
        assertFalse(report.missing().contains("sw_notes"), "notes may be empty");
        assertFalse(report.missing().contains("number_of_nodes"), "it is counted");
    }

    @Test
    void whatIsGivenWinsAndAnUnknownFieldIsRefusedWithTheKnownOnes() throws IOException {
        writeGpuNode(root, "1048576");

        assertEquals("liquid", describe(root, Map.of("cooling", "liquid")).get("cooling"));
        assertEquals(
                "1 TB", describe(root, Map.of("host_memory_capacity", "1 TB")).get("host_memory_capacity"));
        var refused = assertThrows(IllegalArgumentException.class, () -> describe(root, Map.of("colling", "liquid")));
        assertTrue(refused.getMessage().contains("'colling'"), refused.getMessage());
        assertTrue(refused.getMessage().contains("cooling"), refused.getMessage());
    }

    private List<SystemReport> describe(List<Path> nodes, Map<String, String> given) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
        try {
            var reports = new ArrayList<Future<SystemReport>>();
            List<? extends Communicator> world = ThreadCommunicator.ofSize(nodes.size());
            for (int rank = 0; rank < nodes.size(); rank++) {
                Communicator own = world.get(rank);
                var tree = new SystemTree(nodes.get(rank));
                reports.add(threads.submit(() -> SystemReport.of(own, tree, "MPI", given)));
            }
            var all = new ArrayList<SystemReport>();
            for (Future<SystemReport> report : reports) {
                all.add(report.get(20, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nodesThatDifferAreNamedWithTheirValues() throws Exception {
        List<Path> nodes = List.of(root.resolve("a"), root.resolve("b"), root.resolve("c"), root.resolve("d"));
        for (Path node : nodes) {
            writeGpuNode(node, node.endsWith("c") ? "527942740" : "1055885480");
        }

        List<SystemReport> reports = describe(nodes, Map.of());

        assertEquals(
                List.of("host_memory_capacity: '1007.0 GiB' on rank 0 and 2 more, '503.5 GiB' on rank 2"),
                reports.get(0).differing());
        assertEquals(reports.get(0).differing(), reports.get(3).differing());
        assertEquals("1007.0 GiB", reports.get(0).fields().get("host_memory_capacity"));
        assertTrue(reports.get(0).fields().get("other_software_stack").startsWith("MPI; "));
        assertEquals(
                List.of(),
                describe(nodes, Map.of("host_memory_capacity", "1 TB or 512 GB"))
                        .get(0)
                        .differing());
    }

    @Test
    void equalNodesDoNotDiffer() throws Exception {
        writeGpuNode(root, "527942740");

        assertEquals(
                List.of(), describe(List.of(root, root, root), Map.of()).get(1).differing());
    }
}
