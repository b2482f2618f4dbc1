package org.mlhpc.harness.system;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Memory and storage of a node. */
final class MemoryFacts {
    private static final double KIBIBYTES_PER_GIBIBYTE = 1 << 20;
    private static final double BYTES_PER_TERABYTE = 1e12;
    private static final int BYTES_PER_SECTOR = 512;
    private static final int MEBIBYTES_PER_GIBIBYTE = 1024;
    private static final String CONTROLLERS = "sys/devices/system/edac/mc";

    private MemoryFacts() {}

    static void add(SystemTree tree, Facts facts) {
        String total = String.join("", SystemTree.values(tree.lines("proc/meminfo"), "MemTotal"));
        if (total.matches("\\d+ kB")) {
            double kibibytes = Double.parseDouble(total.substring(0, total.length() - 3));
            facts.put("host_memory_capacity", Facts.format("%.1f GiB", kibibytes / KIBIBYTES_PER_GIBIBYTE));
        }
        facts.putCounted("host_memory_configuration", modules(tree));
        addStorage(tree, facts);
    }

    /** Memory modules, where the kernel watches them for errors. */
    private static Map<String, Integer> modules(SystemTree tree) {
        var modules = new TreeMap<String, Integer>();
        for (String controller : tree.names(CONTROLLERS)) {
            for (String module : tree.names(CONTROLLERS + "/" + controller)) {
                String folder = CONTROLLERS + "/" + controller + "/" + module;
                OptionalLong mebibytes = tree.number(folder + "/size");
                if (module.matches("dimm\\d+") && mebibytes.orElse(0) > 0) {
                    String size = mebibytes.getAsLong() / MEBIBYTES_PER_GIBIBYTE + " GiB ";
                    modules.merge(size + tree.text(folder + "/dimm_mem_type"), 1, Integer::sum);
                }
            }
        }
        return modules;
    }

    private static void addStorage(SystemTree tree, Facts facts) {
        var terabytes = new TreeMap<String, Double>();
        for (String disk : tree.names("sys/block")) {
            String folder = "sys/block/" + disk;
            long sectors = tree.number(folder + "/size").orElse(0);
            if (tree.exists(folder + "/device") && sectors > 0) {
                terabytes.merge(type(tree, disk), sectors * BYTES_PER_SECTOR / BYTES_PER_TERABYTE, Double::sum);
            }
        }
        facts.put("host_storage_type", terabytes.keySet());
        facts.put(
                "host_storage_capacity",
                terabytes.entrySet().stream()
                        .map(disk -> Facts.format("%.2f TB %s", disk.getValue(), disk.getKey()))
                        .collect(Collectors.joining(", ")));
    }

    private static String type(SystemTree tree, String disk) {
        if (disk.startsWith("nvme")) {
            return "NVMe SSD";
        }
        if (disk.startsWith("vd") || disk.startsWith("xvd")) {
            return "virtual disk";
        }
        return tree.text("sys/block/" + disk + "/queue/rotational").equals("0") ? "SSD" : "HDD";
    }
}
