package org.mlhpc.harness.system;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a node says of its hardware and operating system. A fact that cannot be found is left out, never guessed. */
final class NodeFacts {
    private static final double KIBIBYTES_PER_GIBIBYTE = 1 << 20;
    private static final double BYTES_PER_TERABYTE = 1e12;
    private static final int BYTES_PER_SECTOR = 512;
    private static final double KILOHERTZ_PER_GIGAHERTZ = 1e6;

    private final SystemTree tree;
    private final Map<String, String> facts = new LinkedHashMap<>();

    private NodeFacts(SystemTree tree) {
        this.tree = tree;
    }

    /** Facts by the name of their field in a system description. */
    static Map<String, String> of(SystemTree tree) {
        var node = new NodeFacts(tree);
        node.addProcessors();
        node.addCaches();
        node.addMemory();
        node.addStorage();
        node.addNetwork();
        node.addAccelerators();
        node.addOperatingSystem();
        return node.facts;
    }

    private void put(String field, String value) {
        if (!value.isEmpty()) {
            facts.put(field, value);
        }
    }

    private void addProcessors() {
        List<String> lines = tree.lines("proc/cpuinfo");
        Set<String> sockets = values(lines, "physical id");
        put("host_processors_per_node", sockets.isEmpty() ? "" : String.valueOf(sockets.size()));
        put("host_processor_model_name", first(values(lines, "model name")));
        put("host_processor_core_count", first(values(lines, "cpu cores")));
        put("host_processor_vcpu_count", first(values(lines, "siblings")));
        OptionalLong kilohertz = tree.number("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq");
        if (kilohertz.isPresent()) {
            put("host_processor_frequency", format("%.2f GHz", kilohertz.getAsLong() / KILOHERTZ_PER_GIGAHERTZ));
        }
    }

    private static Set<String> values(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.substring(0, Math.max(0, line.indexOf(':')))
                        .strip()
                        .equals(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String first(Set<String> values) {
        return values.stream().findFirst().orElse("");
    }

    private void addCaches() {
        String folder = "sys/devices/system/cpu/cpu0/cache";
        put(
                "host_processor_caches",
                tree.names(folder).stream()
                        .filter(name -> name.startsWith("index"))
                        .map(name -> cache(folder + "/" + name))
                        .filter(cache -> !cache.isEmpty())
                        .collect(Collectors.joining(", ")));
    }

    private String cache(String folder) {
        String size = tree.text(folder + "/size");
        String kind =
                switch (tree.text(folder + "/type")) {
                    case "Data" -> "d";
                    case "Instruction" -> "i";
                    default -> "";
                };
        return size.isEmpty() ? "" : "L" + tree.text(folder + "/level") + kind + " " + size;
    }

    private void addMemory() {
        String total = first(values(tree.lines("proc/meminfo"), "MemTotal"));
        if (total.matches("\\d+ kB")) {
            double kibibytes = Double.parseDouble(total.substring(0, total.length() - 3));
            put("host_memory_capacity", format("%.1f GiB", kibibytes / KIBIBYTES_PER_GIBIBYTE));
        }
    }

    private void addStorage() {
        Map<String, Double> terabytes = new TreeMap<>();
        for (String disk : tree.names("sys/block")) {
            String folder = "sys/block/" + disk;
            OptionalLong sectors = tree.number(folder + "/size");
            if (tree.exists(folder + "/device") && sectors.orElse(0) > 0) {
                String type = disk.startsWith("nvme")
                        ? "NVMe SSD"
                        : disk.startsWith("vd")
                                ? "virtual disk"
                                : tree.text(folder + "/queue/rotational").equals("0") ? "SSD" : "HDD";
                terabytes.merge(type, sectors.orElse(0) * BYTES_PER_SECTOR / BYTES_PER_TERABYTE, Double::sum);
            }
        }
        put("host_storage_type", String.join(", ", terabytes.keySet()));
        put(
                "host_storage_capacity",
                terabytes.entrySet().stream()
                        .map(disk -> format("%.2f TB %s", disk.getValue(), disk.getKey()))
                        .collect(Collectors.joining(", ")));
    }

    private void addNetwork() {
        Map<String, Integer> links = new TreeMap<>();
        for (String adapter : tree.names("sys/class/infiniband")) {
            for (String port : tree.names("sys/class/infiniband/" + adapter + "/ports")) {
                String rate = tree.text("sys/class/infiniband/" + adapter + "/ports/" + port + "/rate");
                links.merge("InfiniBand " + rate, 1, Integer::sum);
            }
        }
        for (String device : tree.names("sys/class/net")) {
            String folder = "sys/class/net/" + device;
            OptionalLong speed = tree.number(folder + "/speed");
            if (tree.exists(folder + "/device") && !tree.text(folder + "/type").equals("32")) {
                String rate = speed.isPresent() ? " " + speed.getAsLong() + " Mb/s" : " of unknown rate";
                links.merge("Ethernet" + rate, 1, Integer::sum);
            }
        }
        put(
                "host_networking",
                links.entrySet().stream()
                        .map(link -> link.getValue() + "x " + link.getKey())
                        .collect(Collectors.joining(", ")));
    }

    private void addAccelerators() {
        String folder = "proc/driver/nvidia/gpus";
        Set<String> models = tree.names(folder).stream()
                .map(gpu -> first(values(tree.lines(folder + "/" + gpu + "/information"), "Model")))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        int count = tree.names(folder).size();
        put("accelerators_per_node", String.valueOf(count));
        put("accelerator_model_name", count == 0 ? "N/A" : String.join(", ", models));
    }

    private void addOperatingSystem() {
        String name = tree.lines("etc/os-release").stream()
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse("");
        String kernel = tree.text("proc/sys/kernel/osrelease");
        put(
                "operating_system",
                name + (name.isEmpty() || kernel.isEmpty() ? "" : ", ") + (kernel.isEmpty() ? "" : "Linux " + kernel));
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
