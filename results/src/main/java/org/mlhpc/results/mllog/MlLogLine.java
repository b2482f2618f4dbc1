package org.mlhpc.results.mllog;

/** A line of a log that carries the token {@code :::MLLOG}. */
public sealed interface MlLogLine permits MlLogEvent, MalformedLine {
    /** Position in the file; the first line is 1. */
    long line();
}
