package org.mlhpc.roofline.measure;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Resource;

/**
 * Rates that no measurement can exceed; empty where neither the kernel nor the user knows one.
 *
 * @param given by the user, from the data sheet, in the resource's unit; it goes before what the kernel says
 */
record Peaks(Links links, Map<Resource, Double> given) {
    Peaks {
        given = Map.copyOf(given);
    }

    /** Of DRAM, all channels together: the kernel does not know how many there are. */
    Optional<Double> memory() {
        return given(Resource.MEMORY);
    }

    /** Of requests past the page cache below {@code path}. */
    Optional<Double> storage(Path path) {
        return given(Resource.STORAGE).or(() -> links.storage(path));
    }

    /** Of one direction out of a node; between ranks of one node there is no link. */
    Optional<Double> network(boolean betweenNodes) {
        return betweenNodes ? given(Resource.NETWORK).or(links::network) : Optional.empty();
    }

    private Optional<Double> given(Resource resource) {
        return Optional.ofNullable(given.get(resource));
    }
}
