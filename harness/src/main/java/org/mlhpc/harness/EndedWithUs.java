package org.mlhpc.harness;

/**
 * Ends another program if this process is told to end meanwhile. Ctrl-C does not do it: the launcher starts Java in the background,
 * where Bash has it ignore that, and so does all that Java starts.
 */
public final class EndedWithUs implements AutoCloseable {
    private final Thread atExit;

    private EndedWithUs(Thread atExit) {
        this.atExit = atExit;
    }

    /** From now on until it is closed. */
    public static EndedWithUs watch(Process program) {
        var atExit = new Thread(() -> {
            program.descendants().forEach(ProcessHandle::destroy);
            program.destroy();
        });
        Runtime.getRuntime().addShutdownHook(atExit);
        return new EndedWithUs(atExit);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This process is ending.
        }
    }
}
