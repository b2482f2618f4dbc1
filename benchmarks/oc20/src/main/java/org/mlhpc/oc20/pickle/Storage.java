package org.mlhpc.oc20.pickle;

import java.nio.ByteBuffer;

/**
 * The memory below tensors.
 *
 * @param bytes its elements, little-endian; a view of the pickle, valid as long as that
 */
public record Storage(Element element, ByteBuffer bytes) {
    long elements() {
        return bytes.remaining() / element.bytes();
    }
}
