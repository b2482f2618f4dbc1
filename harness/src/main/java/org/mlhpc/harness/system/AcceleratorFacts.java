package org.mlhpc.harness.system;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Accelerators of a node: those that the NVIDIA driver names, else devices of such a class on the PCI bus. */
final class AcceleratorFacts {
    private static final String NVIDIA = "proc/driver/nvidia/gpus";
    private static final String DEVICES = "sys/bus/pci/devices";
    /** PCI classes of 3-D controllers, other display controllers without a screen, and processing accelerators. */
    private static final Set<String> CLASSES = Set.of("0x0302", "0x0380", "0x1200");

    private static final int CLASS_CHARACTERS = 6;
    private static final List<String> FIELDS = List.of(
            "accelerator_model_name",
            "accelerator_host_interconnect",
            "accelerator_frequency",
            "accelerator_on-chip_memories",
            "accelerator_memory_configuration",
            "accelerator_memory_capacity",
            "accelerator_interconnect",
            "accelerator_interconnect_topology");

    private AcceleratorFacts() {}

    static void add(SystemTree tree, Facts facts) {
        List<String> named = tree.names(NVIDIA);
        if (!named.isEmpty()) {
            facts.put("accelerators_per_node", String.valueOf(named.size()));
            facts.put(
                    "accelerator_model_name",
                    named.stream()
                            .flatMap(gpu ->
                                    SystemTree.values(tree.lines(NVIDIA + "/" + gpu + "/information"), "Model")
                                            .stream())
                            .distinct()
                            .collect(Collectors.joining(", ")));
        } else if (tree.exists("sys/bus")) {
            long count = tree.names(DEVICES).stream()
                    .map(device -> tree.text(DEVICES + "/" + device + "/class"))
                    .filter(code -> code.length() >= CLASS_CHARACTERS)
                    .filter(code -> CLASSES.contains(code.substring(0, CLASS_CHARACTERS)))
                    .count();
            facts.put("accelerators_per_node", String.valueOf(count));
            if (count == 0) {
                facts.putAll(FIELDS, Facts.NOT_APPLICABLE);
            }
        }
    }
}
