package org.mlhpc.staging.engine;

import java.nio.ByteBuffer;
import org.mlhpc.staging.files.SourceFile;

/**
 * A piece of a file that has come to this node.
 *
 * @param data its bytes, from position 0 to the limit
 * @param last whether the file ends with it
 * @param intact whether it came as it was sent
 * @param release gives its memory back; to be called once, after {@code data} was used
 */
record Delivery(SourceFile file, ByteBuffer data, boolean last, boolean intact, Runnable release) {}
