package org.mlhpc.harness.system;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processors and their caches. Counts of cores and threads are per processor, as in published descriptions. */
final class ProcessorFacts {
    private static final double KILOHERTZ_PER_GIGAHERTZ = 1e6;
    private static final String PROCESSORS = "sys/devices/system/cpu";
    private static final Pattern NUMBERED = Pattern.compile("cpu\\d+");
    /** Some makers write the base frequency into the name. */
    private static final Pattern FREQUENCY_IN_NAME = Pattern.compile("@ *(\\d+(\\.\\d+)?) *GHz");

    private final SystemTree tree;
    private final Facts facts;

    private ProcessorFacts(SystemTree tree, Facts facts) {
        this.tree = tree;
        this.facts = facts;
    }

    static void add(SystemTree tree, Facts facts) {
        var processors = new ProcessorFacts(tree, facts);
        processors.addCounts();
        processors.addNames();
        processors.addCaches();
    }

    private void addCounts() {
        var sockets = new TreeSet<String>();
        var cores = new HashSet<String>();
        int threads = 0;
        for (String cpu : tree.names(PROCESSORS)) {
            String folder = PROCESSORS + "/" + cpu + "/topology";
            String socket = tree.text(folder + "/physical_package_id");
            if (NUMBERED.matcher(cpu).matches() && !socket.isEmpty()) {
                threads++;
                sockets.add(socket);
                String siblings = tree.text(folder + "/core_cpus_list");
                cores.add(siblings.isEmpty() ? tree.text(folder + "/thread_siblings_list") : siblings);
            }
        }
        if (sockets.isEmpty()) {
            return;
        }
        facts.put("host_processors_per_node", String.valueOf(sockets.size()));
        facts.put("host_processor_vcpu_count", perSocket(threads, sockets.size()));
        if (!cores.contains("")) {
            facts.put("host_processor_core_count", perSocket(cores.size(), sockets.size()));
        }
        if (sockets.size() == 1) {
            facts.put("host_processor_interconnect", Facts.NOT_APPLICABLE);
        }
    }

    /** Empty if the processors are not alike. */
    private static String perSocket(int count, int sockets) {
        return count % sockets == 0 ? String.valueOf(count / sockets) : "";
    }

    private void addNames() {
        Set<String> names = SystemTree.values(tree.lines("proc/cpuinfo"), "model name");
        facts.put("host_processor_model_name", names);
        OptionalLong kilohertz = tree.number(PROCESSORS + "/cpu0/cpufreq/base_frequency");
        if (kilohertz.isEmpty()) {
            kilohertz = tree.number(PROCESSORS + "/cpu0/cpufreq/cpuinfo_max_freq");
        }
        Matcher named = FREQUENCY_IN_NAME.matcher(String.join(" ", names));
        if (kilohertz.isPresent()) {
            facts.put(
                    "host_processor_frequency",
                    Facts.format("%.2f GHz", kilohertz.getAsLong() / KILOHERTZ_PER_GIGAHERTZ));
        } else if (named.find()) {
            facts.put("host_processor_frequency", named.group(1) + " GHz");
        }
    }

    private void addCaches() {
        String folder = PROCESSORS + "/cpu0/cache";
        List<String> caches = tree.names(folder).stream()
                .filter(name -> name.startsWith("index"))
                .sorted(Comparator.comparingInt(name -> Integer.parseInt("0" + name.replaceAll("\\D", ""))))
                .map(name -> cache(folder + "/" + name))
                .filter(cache -> !cache.isEmpty())
                .toList();
        facts.put("host_processor_caches", caches);
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
}
