package org.mlhpc.harness.cli;

import org.mlhpc.harness.Console;

/** Wires consoles to this process. */
final class Consoles {
    private Consoles() {}

    /** On the error stream; the launcher says whether that is a terminal. */
    static Console forThisProcess(boolean silent) {
        return new Console(System.err, Boolean.getBoolean("mlhpc.terminal"), silent, System::nanoTime);
    }
}
