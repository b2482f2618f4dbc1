package org.mlhpc.harness.system;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Engine;
import org.mlhpc.harness.MachineProbe;
import org.mlhpc.rules.tree.SubmissionChecker;

/**
 * A system description.
 *
 * @param fields every field that submissions ask for, in their order; an empty text where nothing was found
 * @param differing fields in which nodes of the job differ
 */
public record SystemReport(Map<String, String> fields, List<String> differing) {

    /**
     * Describes this node, and compares it with the other nodes of the job. Collective.
     *
     * @param mpi name and version of the message-passing library; empty without one
     * @param given values that win over what is found
     * @throws IllegalArgumentException for a field that no description has
     */
    public static SystemReport of(Communicator world, String mpi, Map<String, String> given) {
        List<String> names = SubmissionChecker.systemFields();
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "a system description has no field '" + name + "'; its fields are " + String.join(", ", names));
            }
        }
        Map<String, String> found = NodeFacts.of(new SystemTree(Path.of("/")));
        found.put("number_of_nodes", String.valueOf(MachineProbe.nodes(world)));
        ServiceLoader.load(Engine.class).findFirst().ifPresent(engine -> found.put("framework", engine.name()));
        found.put("other_software_stack", software(mpi));
        var fields = new LinkedHashMap<String, String>();
        for (String name : names) {
            fields.put(name, given.getOrDefault(name, found.getOrDefault(name, "")));
        }
        return new SystemReport(fields, differing(world, fields));
    }

    private static String software(String mpi) {
        String jdk = System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version");
        return Stream.of(mpi, jdk, System.getenv().getOrDefault("MLHPC_ALLOCATOR", ""))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** Compares checksums, which fit into a double. */
    private static List<String> differing(Communicator world, Map<String, String> fields) {
        var differing = new ArrayList<String>();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            var crc = new CRC32C();
            crc.update(field.getValue().getBytes(StandardCharsets.UTF_8));
            double[] sums = world.gather((double) crc.getValue());
            if (java.util.Arrays.stream(sums).distinct().count() > 1) {
                differing.add(field.getKey() + " (rank 0 differs from "
                        + IntStream.range(1, sums.length)
                                .filter(rank -> sums[rank] != sums[0])
                                .mapToObj(rank -> "rank " + rank)
                                .limit(5)
                                .collect(Collectors.joining(", "))
                        + ")");
            }
        }
        return differing;
    }

    /** Fields without a value. */
    public List<String> missing() {
        return List.copyOf(new TreeSet<>(fields.entrySet().stream()
                .filter(field -> field.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList()));
    }
}
