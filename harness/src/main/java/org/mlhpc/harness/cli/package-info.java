/** The command line: one class per command, and the only place that ends the process. */
@NullMarked
package org.mlhpc.harness.cli;

import org.jspecify.annotations.NullMarked;
