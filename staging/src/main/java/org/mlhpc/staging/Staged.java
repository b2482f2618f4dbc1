package org.mlhpc.staging;

import java.nio.file.Path;

/**
 * Data that every rank can read.
 *
 * @param directory where this rank finds them
 * @param bytes bytes this rank copied; 0 if the data are used in place
 */
public record Staged(Path directory, long bytes) {}
