package org.mlhpc.roofline.predict;

import java.util.Optional;

/**
 * Storage that a node has to itself.
 *
 * @param bytes capacity
 * @param read in B/s; what was measured on the node, if empty
 * @param write in B/s; likewise
 */
public record LocalStorage(double bytes, Optional<Double> read, Optional<Double> write) {
    /** As fast as what was measured. */
    public static LocalStorage of(double bytes) {
        return new LocalStorage(bytes, Optional.empty(), Optional.empty());
    }

    LocalStorage times(double capacity, double rate) {
        return new LocalStorage(bytes * capacity, read.map(known -> known * rate), write.map(known -> known * rate));
    }
}
