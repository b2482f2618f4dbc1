package org.mlhpc.harness.system;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Engine;
import org.mlhpc.rules.tree.SubmissionChecker;

/**
 * A system description.
 *
 * @param fields every field that submissions ask for, in their order, all of them texts
 * @param differing fields in which nodes of the job differ, with the values, a line each
 */
public record SystemReport(Map<String, String> fields, List<String> differing) {
    /** What stands for a fact that was not found. */
    public static final String UNKNOWN = "unknown";

    /** Fields that may well be empty. */
    private static final Set<String> NOTES = Set.of("hw_notes", "sw_notes");

    /**
     * Describes the node of rank 0, and compares it with the other nodes of the job. Collective.
     *
     * @param tree where this node tells about itself
     * @param mpi name and version of the message-passing library; empty without one
     * @param given values that win over what is found
     * @throws IllegalArgumentException for a field that no description has
     */
    public static SystemReport of(Communicator world, SystemTree tree, String mpi, Map<String, String> given) {
        List<String> names = SubmissionChecker.systemFields();
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "a system description has no field '" + name + "'; its fields are " + String.join(", ", names));
            }
        }
        Map<String, String> found = NodeFacts.of(tree);
        found.put("number_of_nodes", String.valueOf(world.nodes()));
        ServiceLoader.load(Engine.class).findFirst().ifPresent(engine -> found.put("framework", engine.name()));
        found.put("other_software_stack", software(mpi));
        var fields = new LinkedHashMap<String, String>();
        for (String name : names) {
            String unfound = NOTES.contains(name) ? "" : UNKNOWN;
            fields.put(name, given.getOrDefault(name, found.getOrDefault(name, unfound)));
        }
        return new SystemReport(fields, differing(names, Variants.gather(world, fields)));
    }

    /** A single process has not joined a job; the launcher says which library would start one. */
    private static String software(String joined) {
        String mpi = joined.isEmpty() ? System.getenv().getOrDefault("MLHPC_MPI", "") : joined;
        String jdk = System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version");
        return Stream.of(mpi, jdk, System.getenv().getOrDefault("MLHPC_ALLOCATOR", ""))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static List<String> differing(List<String> names, Variants variants) {
        var differing = new ArrayList<String>();
        for (String name : names) {
            var values = new LinkedHashMap<String, Variants.Ranks>();
            for (int i = 0; i < variants.answers().size(); i++) {
                values.putIfAbsent(
                        variants.answers().get(i).getOrDefault(name, ""),
                        variants.ranks().get(i));
            }
            if (values.size() > 1) {
                differing.add(name + ": "
                        + values.entrySet().stream()
                                .map(value -> "'" + value.getKey() + "' on " + value.getValue())
                                .collect(Collectors.joining(", ")));
            }
        }
        return differing;
    }

    /** Fields without a value. */
    public List<String> missing() {
        return fields.entrySet().stream()
                .filter(field -> field.getValue().equals(UNKNOWN))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
