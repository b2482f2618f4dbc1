package org.mlhpc.staging.files;

import java.util.OptionalLong;

/**
 * A file of a data set as it was when the data set was listed.
 *
 * @param path relative to the data set, with {@code /} between names
 * @param modifiedMicros time of the last change, microseconds since 1970
 * @param crc32c what the data set's manifest says; empty if it has none or does not list the file
 */
public record SourceFile(String path, long bytes, long modifiedMicros, OptionalLong crc32c) {
    /** The folder it is in; empty at the top of the data set. */
    public String folder() {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
