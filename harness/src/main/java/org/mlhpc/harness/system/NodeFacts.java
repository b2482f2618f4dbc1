package org.mlhpc.harness.system;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a node says of its hardware and operating system. A fact that cannot be found is left out, never guessed. */
final class NodeFacts {
    private NodeFacts() {}

    /** Facts by the name of their field in a system description. */
    static Map<String, String> of(SystemTree tree) {
        var facts = new Facts();
        ProcessorFacts.add(tree, facts);
        MemoryFacts.add(tree, facts);
        NetworkFacts.add(tree, facts);
        AcceleratorFacts.add(tree, facts);
        addOperatingSystem(tree, facts);
        return facts.values();
    }

    private static void addOperatingSystem(SystemTree tree, Facts facts) {
        String name = tree.lines("etc/os-release").stream()
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse("");
        String release = tree.text("proc/sys/kernel/osrelease");
        facts.put(
                "operating_system",
                Stream.of(name, release.isEmpty() ? "" : "Linux " + release)
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(", ")));
    }
}
