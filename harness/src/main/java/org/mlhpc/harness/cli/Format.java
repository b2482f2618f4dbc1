package org.mlhpc.harness.cli;

/** How a command prints data. */
enum Format {
    /** For people. */
    TEXT,
    /** One JSON value. */
    JSON,
    /** Comma-separated values, as in RFC 4180, with a header line. */
    CSV
}
