package org.mlhpc.harness;

/** Ends a run whose state was saved because somebody asked for it; thrown on all ranks when one of them has said so. */
public final class RunStopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    RunStopped(String message) {
        super(message);
    }
}
